// SPDX-License-Identifier: GPL-2.0-or-later
// The results: everybody's for the trainer, a learner's own.
import { download, get } from './api.js';
import { h, icon, pressed } from './dom.js';
import { is_trainer, may_change } from './session.js';

const columns = [
  ['learner', 'Learner'],
  ['exercise', 'Exercise'],
  ['curriculum', 'Curriculum'],
  ['step', 'Step'],
  ['level', 'Level'],
  ['state', 'State'],
  ['score', 'Score'],
  ['scenario', 'Scenario'],
  ['cause', 'Cause'],
  ['answered', 'Answered'],
  ['fix', 'Fix'],
  ['asked', 'Asked for'],
  ['cost', 'Cost'],
  ['wrong_answers', 'Wrong answers'],
  ['seconds', 'Seconds'],
];

export async function results_page({ signal }) {
  const head = h('div.headline', null, h('h1', { tabindex: '-1' }, 'Results'));
  if (!may_change()) {
    return {
      title: 'Results',
      content: h(
        'div.page.narrow',
        null,
        head,
        h(
          'div.card.empty',
          null,
          h('strong', null, 'Whose results?'),
          'A learner sees his own after ',
          h('a', { href: '/join' }, 'joining'),
          '; the trainer sees all with the link that the lab printed.',
        ),
      ),
    };
  }
  const { results } = await get('/api/results', signal);
  head.append(
    h(
      'p.row',
      null,
      h('span.soft', null, is_trainer() ? 'Of all learners.' : 'Yours.'),
      pressed(h('button.button', { type: 'button', id: 'csv' }, icon('down'), 'CSV'), () =>
        download('/api/results.csv', 'alert40-results.csv'),
      ),
    ),
  );
  return {
    title: 'Results',
    content: h(
      'div.page',
      null,
      head,
      results.length
        ? table(results)
        : h(
            'div.card.empty',
            null,
            h('strong', null, 'No exercise was begun yet'),
            'They are begun on the page ',
            h('a', { href: '/exercises' }, 'Exercises'),
            '.',
          ),
    ),
  };
}

const text_of = (value) => (Array.isArray(value) ? value.join(', ') : value === null || value === undefined ? '' : String(value));

function table(results) {
  const used = columns.filter(([name]) => results.some((each) => text_of(each[name]) !== ''));
  return h(
    'section.card',
    null,
    h(
      'div.scroll',
      { tabindex: '0', role: 'region', 'aria-label': 'Results' },
      h(
        'table.cards',
        null,
        h(
          'thead',
          null,
          h(
            'tr',
            null,
            used.map(([, title]) => h('th', { scope: 'col' }, title)),
          ),
        ),
        h(
          'tbody',
          null,
          results.map((each) =>
            h(
              'tr',
              null,
              used.map(([name, title]) =>
                h(
                  'td',
                  { data: { column: title } },
                  name === 'state'
                    ? h(
                        'span.badge',
                        { class: each.state === 'solved' ? 'green' : each.state === 'open' ? 'amber' : '' },
                        each.state,
                      )
                    : text_of(each[name]),
                ),
              ),
            ),
          ),
        ),
      ),
    ),
  );
}
