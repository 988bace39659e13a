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
  const shown = new Set();
  let waiting = []; // steps that came before the answer of the API
  let loaded = false;
  let finished = false;

  const add = (step, fresh) => {
    if (shown.has(step.n)) return;
    shown.add(step.n);
    if (list.children.length > kMostSteps) return;
    if (list.children.length === kMostSteps) {
      list.append(h('li.too-many.soft', null, `More than ${kMostSteps} steps: the capture has them all.`));
      return;
    }
    list.append(step_line(id, step, fresh));
  };
  const end = (connection) => {
    if (connection.state === 'open') {
      fill(foot, h('span.badge', null, 'open'), ' waiting for the next record');
      return;
    }
    if (finished) return;
    finished = true;
    element.dataset.end = connection_colour(connection);
    fill(
      foot,
      h('span.verdict', { class: connection_colour(connection) }, connection.failed ? 'Failed' : 'Connected'),
      h('span.how', null, connection.ended),
      h('span.soft', null, span(connection.duration_us)),
    );
    on_end(connection);
  };

  store.watch(id, signal);
  store.on('step', signal, (step) => {
    if (step.connection !== id) return;
    if (loaded) add(step, true);
    else waiting.push(step);
  });
  const load = async () => {
    const connection = await get(api('connections', id), signal);
    connection.steps.forEach((step) => add(step, false));
    waiting.forEach((step) => add(step, true));
    waiting = [];
    loaded = true;
    end(connection);
  };
  const failed = (error) => {
    if (error.name !== 'AbortError') fill(foot, trouble(error));
  };
  store.on('ended', signal, (connection) => {
    if (connection.id === id && !finished) load().catch(failed); // the whole, should a step have been lost
  });
  store.on('reloaded', signal, () => {
    if (!finished && loaded) load().catch(failed);
  });
  fill(foot, h('span.soft', null, 'Loading'));
  load().catch(failed);
  arrows(list, 'button.step');
  return element;
}
