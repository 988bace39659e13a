// SPDX-License-Identifier: GPL-2.0-or-later
// One connection as a whole: its ladder, and when it has ended what the evidence says.
import { api, causes, download, scenarios } from './api.js';
import { scenario_path } from './catalogue.js';
import { diagnosis_card } from './diagnosis.js';
import { card, fill, h, icon, pressed } from './dom.js';
import { ladder } from './ladder.js';
import { offer_card } from './offer.js';
import { is_trainer } from './session.js';
import { clock } from './words.js';

const kShort = 6; // steps

/// Shows connection `id` while `signal` lives; `scenario_link`: with its scenario, on pages of another subject.
export function connection_panel(id, signal, { scenario_link = true } = {}) {
  const left = h('div.panel-column');
  const right = h('div.panel-column');
  const facts = h('p.facts.soft.small');
  const ended = async (connection) => {
    // The index page of the common port is no scenario of the catalogue.
    const is_scenario = (await scenarios().catch(() => [])).some((each) => each.id === connection.scenario);
    fill(facts, facts_of(connection, scenario_link && is_scenario));
    if (is_hidden(connection)) {
      right.append(
        card('Hidden', null, h('p.soft', null, 'This connection belongs to an exercise: its page has the evidence to ask for.')),
      );
      return;
    }
    const titles = new Map((await causes().catch(() => [])).map((cause) => [cause.id, cause.title]));
    if (signal.aborted) return;
    // A short ladder leaves room below it; else the offer stands beside it.
    if (is_scenario && has_hello(connection)) (connection.steps.length <= kShort ? left : right).append(offer_card(id, signal));
    right.prepend(diagnosis_card(id, titles, signal));
  };
  const wire = h(
    'section.card.wire',
    { 'aria-label': `Connection ${id}` },
    h(
      'header',
      null,
      h('h2', null, `Connection ${id}`),
      h(
        'div.row',
        null,
        file_button(id, 'capture.pcapng', 'Capture', 'the capture, secrets embedded: opens in Wireshark'),
        file_button(id, 'keys.log', 'Keys', 'the key log'),
      ),
    ),
    h('div.body', null, ladder(id, signal, ended), facts),
  );
  left.append(wire);
  return h('div.panel', null, h('div.panel-grid', null, left, right));
}

/// An exercise's, whose scenario only the trainer may know. Behind the common port none may have been chosen.
const is_hidden = (connection) => !is_trainer() && !connection.scenario && connection.listener !== 'all';

const has_hello = (connection) =>
  (connection.steps ?? []).some((step) => step.messages?.some((message) => message.type === 'client_hello'));

function file_button(id, file, text, what) {
  const button = h(
    'button.button.quiet',
    { type: 'button', title: `Save ${what}`, 'aria-label': `${text}: save ${what}` },
    icon('down'),
    text,
  );
  return pressed(button, () =>
    download(api('connections', id, file), `alert40-connection-${id}${file === 'keys.log' ? '.keys.log' : '.pcapng'}`),
  );
}

function facts_of(connection, scenario_link) {
  const fact = (name, value, mono) =>
    value && h('span.fact', null, h('span', null, name), ' ', mono ? h('code', null, value) : value);
  return [
    scenario_link &&
      h(
        'span.fact',
        null,
        h('a', { href: scenario_path(connection.scenario) }, connection.scenario),
        connection.fixed ? ', fixed' : '',
      ),
    fact('at', clock(connection.started)),
    fact('from', connection.peer, true),
    fact('asked for', connection.server_name, true),
    fact('JA4', connection.ja4, true),
  ];
}
