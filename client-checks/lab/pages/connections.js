// SPDX-License-Identifier: GPL-2.0-or-later
// All connections as they come, and beside the list the one that is chosen.
import { connection_panel } from './connection_panel.js';
import { fill, h } from './dom.js';
import { arrows } from './keys.js';
import { paced } from './pace.js';
import { rename } from './router.js';
import { store } from './store.js';
import { clock, connection_colour, count } from './words.js';

const kRows = 100;
const kRedraw = 150; // ms, at least, from one drawing of the list to the next
const kBetween = 600; // ms, at least, from one connection that is followed to the next

export async function connections_page({ parameters, signal }) {
  const list = h('ol.connection-list', { 'aria-label': 'Connections, newest first' });
  const detail = h('div.detail');
  const said = h('p.soft.small');
  const filter = h('input', { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter the connections' });
  const follow = h(
    'button.button',
    { type: 'button', 'aria-pressed': 'true', title: 'Shows each new connection as it comes' },
    'Follow',
  );
  const layout = h('div.connections');
  let chosen = parameters[0] ? Number(parameters[0]) : null;
  let shown = null; // ends with the detail that is shown
  if (chosen) follow.setAttribute('aria-pressed', 'false');

  const following = () => follow.getAttribute('aria-pressed') === 'true';
  const choose = (id, by_hand) => {
    if (by_hand) follow.setAttribute('aria-pressed', 'false');
    if (id === chosen && shown) return;
    chosen = id;
    shown?.abort();
    shown = new AbortController();
    signal.addEventListener('abort', () => shown.abort());
    fill(detail, connection_panel(id, shown.signal));
    layout.dataset.chosen = 'yes';
    if (by_hand) rename(`/connections/${id}`);
    mark(list, chosen);
  };

  const follow_newest = paced(kBetween, signal, () => {
    const newest = fitting(filter.value)[0];
    if (newest && following()) choose(newest.id, false);
  });
  const draw = () => {
    const fits = fitting(filter.value);
    update(list, fits.slice(0, kRows));
    mark(list, chosen);
    fill(said, sentence(fits.length, filter.value.trim()));
    if (following() && fits.length) follow_newest();
    else if (chosen) return;
    else if (!store.connections.size) fill(detail, nothing_yet());
    else fill(detail, h('div.empty', null, h('strong', null, 'Choose a connection'), 'Its ladder opens here.'));
  };
  const soon = paced(kRedraw, signal, draw);
  for (const name of ['connection', 'reloaded', 'dropped']) store.on(name, signal, soon);
  filter.addEventListener('input', draw);
  follow.addEventListener('click', () => {
    follow.setAttribute('aria-pressed', String(!following()));
    draw();
  });
  list.addEventListener('click', (event) => {
    const row = event.target.closest('a.connection');
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    choose(Number(row.dataset.id), true);
    if (window.matchMedia('(max-width: 1000px)').matches) detail.scrollIntoView({ block: 'start' });
  });
  arrows(list, 'a.connection');

  if (chosen) {
    const id = chosen;
    chosen = null;
    choose(id, false);
  }
  draw();
  fill(layout, h('aside.list-side', null, h('div.list-tools', null, filter, follow), said, list), detail);
  return {
    title: chosen ? `Connection ${chosen}` : 'Connections',
    content: h('div.page.wide', null, h('div.headline', null, h('h1', { tabindex: '-1' }, 'Connections')), layout),
  };
}

/// The newest first.
function fitting(filter) {
  const wanted = filter.trim().toLowerCase();
  return [...store.connections.values()].reverse().filter((each) => !wanted || text_of(each).includes(wanted));
}

const text_of = (each) =>
  [each.scenario, each.listener, each.peer, each.ended, each.server_name, each.ja4].join(' ').toLowerCase();

function sentence(number, wanted) {
  const parts = [wanted ? `${count(number, 'connection')} fit` : `${count(store.total(), 'connection')} so far`];
  if (number > kRows) parts.push(`the newest ${kRows} are listed`);
  if (store.dropped) parts.push(`${count(store.dropped, 'older one')} dropped to bound the memory`);
  return parts.join('; ');
}

const nothing_yet = () =>
  h(
    'div.empty.card',
    null,
    h('strong', null, 'No connection yet'),
    'Open a scenario in the ',
    h('a', { href: '/' }, 'catalogue'),
    ' and run a client, here or anywhere on this machine.',
  );

/// Makes the rows of `list` those of `connections`, touching only what changed.
function update(list, connections) {
  const rows = new Map([...list.children].map((row) => [Number(row.firstChild.dataset.id), row]));
  const wanted = connections.map((each) => {
    const old = rows.get(each.id);
    if (old && old.firstChild.dataset.state === each.state) return old;
    return row_of(each);
  });
  const keep = new Set(wanted);
  const focus = document.activeElement?.dataset?.id;
  for (const row of [...list.children]) if (!keep.has(row)) row.remove();
  wanted.forEach((row, index) => {
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
  });
  if (focus && document.activeElement === document.body) list.querySelector(`[data-id="${CSS.escape(focus)}"]`)?.focus();
}

function row_of(each) {
  return h(
    'li',
    null,
    h(
      'a.connection',
      { href: `/connections/${each.id}`, data: { id: each.id, state: each.state, colour: connection_colour(each) } },
      h(
        'span.line',
        null,
        h('strong', null, each.scenario ?? each.listener),
        each.fixed && h('span.badge.green', null, 'fixed'),
        h('time', null, clock(each.started)),
      ),
      h('span.line.soft', null, h('span.how', null, each.state === 'open' ? 'open' : each.ended), h('code', null, each.peer)),
    ),
  );
}

function mark(list, chosen) {
  for (const row of list.children) {
    if (Number(row.firstChild.dataset.id) === chosen) row.firstChild.setAttribute('aria-current', 'true');
    else row.firstChild.removeAttribute('aria-current');
  }
}
