// SPDX-License-Identifier: GPL-2.0-or-later
// The ladder of one connection: what crossed the wire, in order, between two lifelines; it grows while the connection runs.
import { get, api } from './api.js';
import { fill, h, trouble } from './dom.js';
import { step_line } from './ladder_step.js';
import { arrows } from './keys.js';
import { store } from './store.js';
import { connection_colour, span } from './words.js';

const kMostSteps = 400; // shown; a connection of more says so

/// Shows connection `id` in an element; while `signal` lives new steps appear. on_end(connection) is called when it has ended (at
/// once, if it has).
export function ladder(id, signal, on_end = () => {}) {
  const list = h('ol.steps', { 'aria-label': `What crossed the wire in connection ${id}` });
  const foot = h('div.ladder-end', { role: 'status' });
  const element = h(
    'div.ladder',
    null,
    h(
      'div.sides',
      { 'aria-hidden': 'true' },
      h('span'),
      h('span.side.client', null, 'Client'),
      h('span.side.server', null, 'Server'),
      h('span'),
    ),
    list,
    foot,
  );
  const steps = new Map(); // by number; the stream and the API may tell the same ones, in whatever order
  let finished = false;

  const add = (step, fresh) => {
    if (steps.has(step.n)) return;
    steps.set(step.n, step);
    if (steps.size > kMostSteps + 1) return;
    const line =
      steps.size > kMostSteps
        ? h('li.too-many.soft', null, `More than ${kMostSteps} steps: the capture has them all.`)
        : step_line(id, step, fresh);
    line.dataset.n = step.n;
    let before = list.lastElementChild;
    while (before && Number(before.dataset.n) > step.n) before = before.previousElementSibling;
    if (before) before.after(line);
    else list.prepend(line);
  };
  const end = (connection) => {
    if (finished) return;
    if (connection.state === 'open') {
      fill(foot, h('span.badge', null, 'open'), ' waiting for the next record');
      return;
    }
    finished = true;
    element.dataset.end = connection_colour(connection);
    fill(
      foot,
      h('span.verdict', { class: connection_colour(connection) }, connection.failed ? 'Failed' : 'Connected'),
      h('span.how', null, connection.ended),
      h('span.soft', null, span(connection.duration_us)),
    );
    on_end({ ...connection, steps: [...steps.values()] });
  };
  const is_whole = () => steps.size > 0 && steps.size === Math.max(...steps.keys());

  store.watch(id, signal);
  store.on('step', signal, (step) => {
    if (step.connection === id) add(step, true);
  });
  const load = async () => {
    const connection = await get(api('connections', id), signal);
    connection.steps.forEach((step) => add(step, false));
    end(connection);
  };
  const failed = (error) => {
    if (error.name !== 'AbortError') fill(foot, trouble(error));
  };
  store.on('ended', signal, (connection) => {
    if (connection.id !== id) return;
    if (is_whole()) end(connection);
    else load().catch(failed);
  });
  store.on('reloaded', signal, () => {
    if (!finished) load().catch(failed);
  });
  fill(foot, h('span.soft', null, 'Loading'));
  load().catch(failed);
  arrows(list, 'button.step');
  return element;
}
