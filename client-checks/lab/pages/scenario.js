// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario: the ticket, how to run into it, the live ladder, the evidence, the fix, and what other clients say.
import { causes, scenario_api, get, get_once } from './api.js';
import { answers_card } from './answers.js';
import { connection_panel } from './connection_panel.js';
import { fill, h, icon, paragraphs } from './dom.js';
import { find_listener } from './listeners.js';
import { paced } from './pace.js';
import { server_switch } from './server_switch.js';
import { store } from './store.js';
import { try_it_card } from './try_it.js';
import { clock, connection_colour, ending, phase_words } from './words.js';

const kStrip = 8; // connections to choose from
const kRedraw = 150; // ms
const kBetween = 600; // ms, at least, from one connection shown by itself to the next

export async function scenario_page({ parameters, signal }) {
  const id = parameters.join('/');
  const [scenario, clients, all_causes] = await Promise.all([get(scenario_api(id), signal), get_once('/api/clients'), causes()]);
  const listeners = await get('/api/listeners', signal);
  const cause = all_causes.find((each) => each.id === scenario.cause);
  const state = {
    id,
    scenario,
    listener: find_listener(listeners.listeners, id),
    common: listeners.listeners.find((each) => each.name === 'all'),
    clients: clients.clients,
    last_client: null,
  };
  const changes = new EventTarget(); // tells 'listener' when the scenario has got a port, or another one
  store.on('listener', signal, (listener) => {
    if (
      listener.deleted
        ? listener.name === state.listener?.name
        : listener.scenario === id || listener.name === state.listener?.name
    ) {
      state.listener =
        listener.deleted || listener.scenario !== id
          ? find_listener([...store.listeners.values()], id)
          : preferred(state.listener, listener);
      changes.dispatchEvent(new Event('listener'));
    }
  });

  const stage = live_stage(state, signal);
  const try_it = try_it_card(state, changes, signal, stage.choose);
  const [colour, words] = ending(scenario);
  const content = h(
    'div.page.wide.scenario',
    null,
    h(
      'div.headline',
      null,
      h(
        'p.crumbs',
        null,
        h('a', { href: '/' }, 'Catalogue'),
        '/',
        cause ? h('a', { href: `/causes/${cause.id}` }, cause.title) : scenario.cause,
        '/',
        h('code', null, id),
      ),
      h(
        'div.title-row',
        null,
        h('h1', { tabindex: '-1' }, scenario.title),
        server_switch(state, changes, signal, try_it.run_again),
      ),
      h(
        'p.row.small.soft',
        null,
        h('span.badge', { class: colour }, words),
        scenario.phase && phase_words(scenario.phase),
        scenario.server_name && h('code', null, scenario.server_name),
      ),
    ),
    h(
      'div.scenario-grid',
      null,
      h(
        'div.side-column',
        null,
        ticket(scenario),
        try_it.element,
        explanation(scenario),
        fix_card(scenario),
        file_card(scenario),
      ),
      h('div.stage', null, stage.element),
    ),
    answers_card(id, signal),
  );
  return { title: scenario.title, content };
}

const preferred = (old, fresh) => (!old || old.name === fresh.name || (old.owner !== fresh.owner && !old.owner) ? fresh : old);

const quoted = (text) => text.trim().replace(/^"|"$/g, '');

const ticket = (scenario) =>
  h(
    'section.ticket',
    { 'aria-label': 'The ticket' },
    h('h2', null, 'The ticket'),
    h('blockquote', null, paragraphs(quoted(scenario.story || 'No ticket: this one is a control.'))),
  );

const explanation = (scenario) =>
  scenario.lesson &&
  h(
    'section.card',
    null,
    h('details', null, h('summary', null, 'What really happens'), h('div.body.stack', null, paragraphs(scenario.lesson))),
  );

const fix_card = (scenario) =>
  scenario.fix &&
  h('section.card', null, h('details', null, h('summary', null, 'The fix'), h('div.body', null, h('p', null, scenario.fix))));

const file_card = (scenario) =>
  scenario.toml &&
  h(
    'section.card',
    null,
    h(
      'details',
      null,
      h('summary', null, 'The scenario\u2019s file'),
      h('pre.output.flat', { tabindex: '0', 'aria-label': 'The scenario\u2019s file' }, scenario.toml),
    ),
  );

/// Where the connections of this scenario show: a strip of the newest, and the chosen one.
function live_stage(state, signal) {
  const strip = h('div.strip', { role: 'group', 'aria-label': 'Connections to this scenario, newest first' });
  const place = h('div.place', null, waiting_for_one());
  let chosen = null;
  let shown = null;
  let held = false; // chosen by hand: new connections do not take its place

  const choose = (id, by_hand = false) => {
    held = by_hand;
    if (id !== chosen) {
      chosen = id;
      shown?.abort();
      shown = new AbortController();
      fill(place, connection_panel(id, shown.signal, { scenario_link: false }));
    }
    draw();
  };
  signal.addEventListener('abort', () => shown?.abort());

  const own = () =>
    [...store.connections.values()]
      .filter(
        (each) =>
          each.scenario === state.id || (state.listener && each.listener === state.listener.name && each.scenario == null),
      )
      .reverse();
  const draw = () => {
    const newest = own().slice(0, kStrip);
    const focused = document.activeElement?.closest?.('.strip button')?.dataset.id;
    fill(
      strip,
      newest.map((each) =>
        h(
          'button.pill',
          {
            type: 'button',
            'aria-pressed': String(each.id === chosen),
            data: { id: each.id, colour: connection_colour(each) },
            onclick: () => choose(each.id, each.id !== newest[0].id),
            title: each.ended ?? 'open',
          },
          icon(each.state === 'open' ? 'clock' : each.failed ? 'cross' : 'check'),
          `#${each.id}`,
          each.fixed ? ' fixed' : '',
          h('time', null, clock(each.started).slice(0, 8)),
        ),
      ),
    );
    if (focused) strip.querySelector(`[data-id="${CSS.escape(focused)}"]`)?.focus();
  };
  const soon = paced(kRedraw, signal, () => {
    draw();
    const newest = own()[0];
    if (newest && newest.id !== chosen) show_newest(); // none new takes none of its pace
  });
  const show_newest = paced(kBetween, signal, () => {
    const newest = own()[0];
    if (newest && !held && newest.id !== chosen) choose(newest.id);
  });
  for (const name of ['connection', 'reloaded']) store.on(name, signal, soon);
  soon();
  return { element: h('div', null, strip, place), choose };
}

const waiting_for_one = () =>
  h(
    'div.card.empty.waiting',
    null,
    h('div.waiting-art', { 'aria-hidden': 'true' }, h('span'), h('span')),
    h('strong', null, 'Waiting for a client'),
    'Run one here, or paste a command into any terminal on this machine. Its handshake appears as it happens.',
  );
