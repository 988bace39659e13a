// SPDX-License-Identifier: GPL-2.0-or-later
// The catalogue: every scenario under its cause, and the search.
import { causes, get, scenarios } from './api.js';
import { fill, h, icon } from './dom.js';
import { find, marked, searchable, words_of } from './find.js';
import { arrows } from './keys.js';
import { go, rename } from './router.js';
import { count, ending, first_sentence } from './words.js';

const kShown = 4; // scenarios of a cause before "all of them"
const kHits = 120;

export const scenario_path = (id) => `/scenario/${id.split('/').map(encodeURIComponent).join('/')}`;

/// A scenario in one line.
export function scenario_line(scenario, words = []) {
  const [colour, text] = ending(scenario);
  const parts = (value) => marked(value, words).map(([part, hit]) => (hit ? h('mark', null, part) : part));
  return h(
    'li',
    null,
    h(
      'a.scenario-line',
      { href: scenario_path(scenario.id) },
      h('span.title', null, parts(scenario.title)),
      h('code.id', null, parts(scenario.id)),
      h('span.badge', { class: colour }, text),
    ),
  );
}

const families = {
  negotiation: 'Negotiation',
  'server-certificate': 'The server\u2019s certificate',
  'client-certificate': 'The client\u2019s certificate',
  'server-identity': 'Which server answers',
  'server-key': 'The server\u2019s key',
  protocol: 'Protocol',
  middlebox: 'Between the two',
  routing: 'Routing',
  resumption: 'Resumption',
  client: 'The client',
  none: 'Controls',
};
const family_title = (family) =>
  families[family] ?? (family ?? 'Others').replace(/^./, (letter) => letter.toUpperCase()).replaceAll('-', ' ');

export async function catalogue_page({ query, signal }) {
  const [all, every_cause, { listeners }] = await Promise.all([scenarios(), causes(), get('/api/listeners', signal)]);
  const common = listeners.find((each) => each.name === 'all');
  const titles = new Map(every_cause.map((cause) => [cause.id, cause.title]));
  const index = searchable(all, titles);
  const groups = by_cause(all, every_cause);

  const input = h('input', {
    type: 'search',
    id: 'search',
    placeholder:
      'An alert, a client\u2019s words, a cause: \u201cexpired\u201d, \u201chandshake_failure\u201d, \u201csni\u201d\u2026',
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-label': 'Search the scenarios',
    value: query.get('q') ?? '',
  });
  const said = h('p.said.soft.small', { role: 'status' });
  const results = h('div.results');
  const rail = cause_rail(groups);
  const layout = h('div.catalogue', null, rail, results);

  const show = () => {
    const words = words_of(input.value);
    rail.hidden = words.length > 0;
    layout.classList.toggle('searching', words.length > 0);
    if (!words.length) {
      fill(said, common && where(common));
      fill(results, whole_catalogue(groups));
      return;
    }
    const hits = find(index, input.value);
    fill(
      said,
      hits.length ? count(hits.length, 'scenario') : 'No scenario has all these words.',
      hits.length > 0 && [' \u00b7 ', h('kbd', null, 'Enter'), ' opens the first'],
    );
    fill(
      results,
      h(
        'ul.lines.hits',
        null,
        hits.slice(0, kHits).map((hit) => scenario_line(hit, words)),
      ),
      hits.length > kHits && h('p.soft.small', null, `The best ${kHits} are shown: another word narrows it.`),
    );
  };

  input.addEventListener('input', () => {
    show();
    rename(input.value ? `/?q=${encodeURIComponent(input.value)}` : '/');
  });
  input.addEventListener('keydown', (event) => {
    const first = results.querySelector('a.scenario-line');
    if (event.key === 'Enter' && words_of(input.value).length && first) go(new URL(first.href).pathname);
    else if (event.key === 'ArrowDown' && first) {
      event.preventDefault();
      first.focus();
    } else if (event.key === 'Escape' && input.value) {
      input.value = '';
      show();
      rename('/');
    }
  });
  arrows(results, 'a.scenario-line');
  results.addEventListener('before-first', () => setTimeout(() => input.focus()));
  signal.addEventListener('abort', () => fill(results));
  show();

  const failing = all.filter((scenario) => scenario.ends !== 'connected').length;
  return {
    title: 'Catalogue',
    content: h(
      'div.page',
      null,
      h(
        'div.hero',
        null,
        h('h1', { tabindex: '-1' }, 'Every way a TLS handshake fails'),
        h(
          'p.lead',
          null,
          `${count(all.length, 'scenario')}, ${failing} of them failures from ${count(groups.filter((group) => group.cause.id !== 'none').length, 'cause')}. Pick one, let a client run into it, and read on the wire why.`,
        ),
        h('div.search', { role: 'search' }, icon('search'), input, h('kbd', { 'aria-hidden': 'true' }, '/')),
        said,
      ),
      layout,
    ),
  };
}

/// Where a client finds them all.
const where = (common) => [
  'All of them answer on port ',
  h('code', null, String(common.port)),
  ', each by its name: ',
  h('a', { href: `https://localhost:${common.port}/` }, `https://localhost:${common.port}/`),
  ' lists them. Clients are to trust ',
  h('a', { href: '/root.pem', download: 'alert40-root.pem' }, 'this root'),
  '.',
];

/// [{cause, scenarios}], in the order of the families.
function by_cause(all, every_cause) {
  const known = new Map(every_cause.map((cause) => [cause.id, { cause, scenarios: [] }]));
  for (const scenario of all) {
    if (!known.has(scenario.cause))
      known.set(scenario.cause, {
        cause: { id: scenario.cause, title: scenario.cause === 'none' ? 'Nothing is wrong' : scenario.cause, family: 'none' },
        scenarios: [],
      });
    known.get(scenario.cause).scenarios.push(scenario);
  }
  const order = Object.keys(families);
  const place = ({ cause }) => (order.includes(cause.family) ? order.indexOf(cause.family) : order.length - 1.5); // unknown ones before the controls
  return [...known.values()]
    .filter((group) => group.scenarios.length)
    .sort((a, b) => place(a) - place(b) || b.scenarios.length - a.scenarios.length);
}

function cause_rail(groups) {
  const sections = new Map();
  for (const group of groups) {
    const name = family_title(group.cause.family);
    if (!sections.has(name)) sections.set(name, []);
    sections.get(name).push(group);
  }
  return h(
    'nav.rail',
    { 'aria-label': 'Causes' },
    [...sections].map(([name, members]) =>
      h(
        'details',
        { open: true },
        h('summary', null, name),
        h(
          'ul',
          null,
          members.map(({ cause, scenarios: own }) =>
            h('li', null, h('a', { href: `#${cause.id}` }, cause.title, h('span.soft', null, String(own.length)))),
          ),
        ),
      ),
    ),
  );
}

function whole_catalogue(groups) {
  return groups.map(({ cause, scenarios: own }) => {
    const list = h(
      'ul.lines',
      null,
      own.slice(0, kShown).map((scenario) => scenario_line(scenario)),
    );
    const more =
      own.length > kShown &&
      h(
        'button.button.quiet.more',
        {
          type: 'button',
          onclick: (event) => {
            const next = own.slice(kShown).map((scenario) => scenario_line(scenario));
            list.append(...next);
            event.target.remove();
            next[0].querySelector('a').focus();
          },
        },
        `All ${own.length} scenarios`,
      );
    return h(
      'section.cause',
      { id: cause.id, 'aria-labelledby': `${cause.id}-title` },
      h(
        'header',
        null,
        h(
          'h2',
          { id: `${cause.id}-title` },
          cause.id === 'none' ? cause.title : h('a', { href: `/causes/${cause.id}` }, cause.title),
        ),
        h('p.soft.small', null, first_sentence(cause.what) || 'Controls: the client connects.'),
      ),
      h('div', null, list, more),
    );
  });
}
