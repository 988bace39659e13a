// SPDX-License-Identifier: GPL-2.0-or-later
// A cause: what it is, why it happens, how to confirm it, its fix, its myths, its scenarios.
import { api, causes, get, scenarios } from './api.js';
import { scenario_line } from './catalogue.js';
import { command_box } from './copy.js';
import { fixes } from './diagnosis.js';
import { card, h } from './dom.js';
import { alert_words, count } from './words.js';

export async function cause_page({ parameters, signal }) {
  const [cause, all, every_cause] = await Promise.all([get(api('causes', parameters[0]), signal), scenarios(), causes()]);
  const own = all.filter((scenario) => scenario.cause === cause.id);
  const linked = linker(every_cause, cause.id);
  return {
    title: cause.title,
    content: h(
      'div.page.cause-page',
      null,
      h(
        'div.headline',
        null,
        h('p.crumbs', null, h('a', { href: '/' }, 'Catalogue'), '/', h('code', null, cause.id)),
        h('h1', { tabindex: '-1' }, cause.title),
        h(
          'p.row',
          null,
          (cause.alerts ?? []).map((alert) => h('span.badge.red', null, alert_words(alert))),
          cause.alert_by && h('span.soft.small', null, `sent by the ${cause.alert_by}`),
        ),
      ),
      h(
        'div.cause-grid',
        null,
        h(
          'div.prose',
          null,
          part('What it is', cause.what, linked),
          part('Why it happens', cause.why, linked),
          part('What it is not', cause.not_this, linked),
          confirm(cause.confirm),
          fixes(cause.fix),
          myths(cause.myths),
        ),
        h(
          'aside',
          null,
          card(
            count(own.length, 'scenario'),
            null,
            own.length
              ? h(
                  'ul.lines.compact',
                  null,
                  own.map((scenario) => scenario_line(scenario)),
                )
              : h('p.soft', null, 'None of its own.'),
          ),
        ),
      ),
    ),
  };
}

/// Names of other causes in a text become links.
function linker(every_cause, own) {
  const ids = every_cause
    .map((cause) => cause.id)
    .filter((id) => id !== own && id.includes('-'))
    .sort((a, b) => b.length - a.length);
  if (!ids.length) return (text) => text;
  const pattern = new RegExp(`\\b(${ids.join('|')})\\b`);
  return (text) =>
    text.split(pattern).map((piece) => (ids.includes(piece) ? h('a', { href: `/causes/${piece}` }, piece) : piece));
}

const part = (title, text, linked) =>
  text && h('section', null, h('h2', null, title), h('p', null, linked(text.trim().replaceAll('\n', ' '))));

const confirm = (steps) =>
  steps?.length > 0 &&
  h(
    'section',
    null,
    h('h2', null, 'How to confirm it'),
    h('p.soft.small', null, 'In this order; put the server\u2019s address in the place of the braces.'),
    h(
      'ol.confirm',
      null,
      steps.map((step) => h('li', null, command_box(step.command, 'the command'), h('p.small', null, step.shows))),
    ),
  );

const myths = (list) =>
  list?.length > 0 &&
  h(
    'section',
    null,
    h('h2', null, 'Myths'),
    h(
      'dl.myths',
      null,
      list.map((myth) => h('div', null, h('dt', null, myth.claim), h('dd', null, myth.truth))),
    ),
  );
