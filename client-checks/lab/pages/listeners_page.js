// SPDX-License-Identifier: GPL-2.0-or-later
// The listeners: who answers where. The trainer deletes one, or puts all back as the lab began.
import { api, get, post, remove } from './api.js';
import { confirmed } from './confirm.js';
import { fill, h, icon, pressed, toast } from './dom.js';
import { is_trainer } from './session.js';
import { store } from './store.js';
import { count } from './words.js';

const kCommon = 'all'; // the port that has every scenario by its name

export async function listeners_page({ signal }) {
  const known = new Map();
  const heading = h('h1', { tabindex: '-1' }, 'Listeners');
  const place = h('div');
  const draw = () => {
    const focused = document.activeElement?.dataset?.delete;
    fill(place, table([...known.values()], heading));
    if (focused) (place.querySelector(`[data-delete="${CSS.escape(focused)}"]`) ?? heading).focus();
  };
  const reload = async () => {
    const { listeners } = await get('/api/listeners', signal);
    known.clear();
    for (const each of listeners) known.set(each.name, each);
    draw();
  };
  store.on('listener', signal, (listener) => {
    if (listener.deleted) known.delete(listener.name);
    else known.set(listener.name, listener);
    draw();
  });
  store.on('reloaded', signal, () => reload().catch(() => {})); // the page says itself that it is disconnected
  await reload();
  const reset = () => ask_and_reset([...known.values()]);
  return {
    title: 'Listeners',
    content: h(
      'div.page',
      null,
      h(
        'div.headline',
        null,
        heading,
        h(
          'p.row',
          null,
          h('span.soft', null, 'Each answers on a port of its own; \u201call\u201d has every scenario by its name.'),
          is_trainer() && pressed(h('button.button', { type: 'button', id: 'reset' }, 'Reset'), reset),
        ),
      ),
      place,
    ),
  };
}

async function ask_and_reset(listeners) {
  const of_exercises = listeners.filter((each) => each.hidden).length;
  const text =
    'Every listener that was not there when the lab began is deleted, and those that were are as they were then. ' +
    (of_exercises ? `Exercises lose their servers (${of_exercises}). ` : '') +
    'Connections and results stay.';
  if (!(await confirmed('Put all listeners back?', text, 'Reset'))) return;
  const { listeners: left } = await post('/api/reset');
  toast(`As at the start: ${count(left.length, 'listener')}.`);
}

function meaning(listener) {
  if (listener.name === kCommon)
    return 'Nobody reaches any scenario by its name any more, and the index page is gone, until you reset the listeners.';
  if (listener.hidden)
    return `It belongs to an exercise of ${listener.owner ?? 'yours'}, which can then be answered, but runs no more clients.`;
  const whose = listener.owner ? ` It is ${listener.owner}\u2019s.` : '';
  return `Port ${listener.port} is closed; its connections run to their end and stay in the list.${whose}`;
}

async function ask_and_delete(listener) {
  if (await confirmed(`Delete the listener ${listener.name}?`, meaning(listener), 'Delete')) {
    await remove(api('listeners', listener.name));
    toast(`${listener.name} is deleted.`);
  }
}

const what_it_serves = (listener) =>
  listener.name === kCommon
    ? h('a', { href: '/' }, 'every scenario')
    : listener.scenario
      ? h('a', { href: `/scenario/${listener.scenario}` }, listener.scenario)
      : 'hidden in an exercise';

const columns = [
  ['Name', (each) => h('strong', null, each.name)],
  ['Serves', (each) => [what_it_serves(each), ' ', each.fixed && h('span.badge.green', null, 'fixed')]],
  ['Address', (each) => h('code', null, each.url)],
  ['Whose', (each) => [each.owner ?? 'the trainer', ' ', each.hidden && h('span.badge.amber', null, 'exercise')]],
];

const delete_button = (listener) =>
  pressed(
    h(
      'button.button.quiet',
      { type: 'button', 'aria-label': `Delete ${listener.name}`, data: { delete: listener.name } },
      icon('cross'),
      'Delete',
    ),
    () => ask_and_delete(listener),
  );

function table(listeners) {
  const heads = columns.map(([title]) => h('th', { scope: 'col' }, title));
  if (is_trainer()) heads.push(h('th', { scope: 'col' }, h('span.unseen', null, 'Delete')));
  const row_of = (each) =>
    h(
      'tr',
      null,
      columns.map(([title, cell]) => h('td', { data: { column: title } }, cell(each))),
      is_trainer() && h('td', { data: { column: '' } }, delete_button(each)),
    );
  return h(
    'section.card',
    null,
    h(
      'div.scroll',
      { tabindex: '0', role: 'region', 'aria-label': 'Listeners' },
      h('table.cards', null, h('thead', null, h('tr', null, heads)), h('tbody', null, listeners.map(row_of))),
    ),
  );
}
