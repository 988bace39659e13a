// SPDX-License-Identifier: GPL-2.0-or-later
// What every other client says to the same scenario, from a stored run.
import { get, scenario_api } from './api.js';
import { card, fill, h, trouble } from './dom.js';
import { count } from './words.js';

export function answers_card(id, signal) {
  const body = h('div', null, h('p.soft', null, 'Loading'));
  const from = h('span.soft.small');
  get(scenario_api(id, 'answers'), signal)
    .then((stored) => {
      if (!stored.answers?.length) {
        fill(body, h('p.soft', null, 'No stored run has this scenario.'));
        return;
      }
      fill(from, `${count(stored.answers.length, 'client')}${stored.from ? `, from the run of ${stored.from}` : ''}`);
      fill(body, table(stored.answers));
    })
    .catch((error) => {
      if (error.name !== 'AbortError') fill(body, trouble(error));
    });
  const element = card('What other clients say to the same', from, body);
  element.classList.add('answers-card');
  return element;
}

const kShown = 12;
const columns = ['Client', 'Library', 'Says', 'Means', 'On the wire'];

/// The first clients, and the others on demand.
function table(answers) {
  const rows = h('tbody', null, answers.slice(0, kShown).map(row));
  const more =
    answers.length > kShown &&
    h(
      'p.all',
      null,
      h(
        'button.button.quiet.more',
        {
          type: 'button',
          onclick: (event) => {
            rows.append(...answers.slice(kShown).map(row));
            event.target.closest('p').remove();
          },
        },
        `All ${answers.length} clients`,
      ),
    );
  return [
    h(
      'div.scroll',
      { tabindex: '0', role: 'region', 'aria-label': 'What other clients say' },
      h(
        'table.answers.cards',
        null,
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            columns.map((name) => h('th', { scope: 'col' }, name)),
          ),
        ),
        rows,
      ),
    ),
    more,
  ];
}

function row(each) {
  const cells = [
    [h('strong', null, each.client), ' ', h('span.soft', null, each.version)],
    each.library,
    each.says || h('span.soft', null, 'nothing'),
    h('code', null, each.symptom),
    [each.ends, each.alert].filter(Boolean).join(', '),
  ];
  return h(
    'tr',
    { class: each.symptom === 'connected' ? 'connected' : '' },
    cells.map((content, index) =>
      h('td', { data: { column: columns[index] }, class: columns[index].toLowerCase().replaceAll(' ', '-') }, content),
    ),
  );
}
