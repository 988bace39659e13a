// SPDX-License-Identifier: GPL-2.0-or-later
// What the evidence of one connection says about the cause: reasons, what is excluded, the next test, the fix.
import { api, get } from './api.js';
import { command_box } from './copy.js';
import { card, fill, h, icon, trouble } from './dom.js';
import { sentence } from './words.js';

const kShown = 4; // other causes
const colours = { certain: 'red', likely: 'amber', possible: '' };

/// The card of connection `id`; `titles` is cause id -> title.
export function diagnosis_card(id, titles, signal) {
  const body = h('div.stack', null, h('p.soft', null, 'Reading the evidence'));
  const rests_on = h('span.soft.small', null, 'never from the scenario');
  get(api('connections', id, 'diagnosis'), signal)
    .then((diagnosis) => {
      fill(body, diagnosis_of(diagnosis, titles));
      fill(rests_on, `from the wire${diagnosis.run ? ' and what the client said' : ' alone'}, never from the scenario`);
    })
    .catch((error) => {
      if (error.name !== 'AbortError')
        fill(body, error.status === 403 ? h('p.soft', null, error.detail ?? error.message) : trouble(error));
    });
  return card('Diagnosis', rests_on, body);
}

const sentences = (class_name, name, list) =>
  list?.length > 0 &&
  h(
    'ul.reasons',
    { class: class_name },
    list.map((text) => h('li', null, icon(name), h('span', null, text))),
  );

const titled = (heading, list) =>
  list?.length > 0 &&
  h(
    'div.part',
    null,
    h('h3', null, heading),
    h(
      'ul.plain',
      null,
      list.map((text) => h('li', null, text)),
    ),
  );

export function diagnosis_of(diagnosis, titles) {
  const [first, ...others] = diagnosis.findings ?? [];
  return [
    h('p.verdict-text', null, sentence(diagnosis.verdict)),
    first ? finding(first, titles, true) : null,
    others.length > 0 && h('div.part', null, h('h3', null, 'It could also be'), findings(others, titles)),
    titled('Proof', diagnosis.proof),
    diagnosis.next_test &&
      h('div.part', null, h('h3', null, 'The test that decides'), command_box(diagnosis.next_test, 'the test that decides')),
    fixes(diagnosis.fix),
    titled('Beside that', diagnosis.notes),
    titled('Not known', diagnosis.unknown),
  ];
}

/// The first few, the others on demand.
function findings(others, titles) {
  const lines = others.map((each) => finding(each, titles, false));
  const more =
    lines.length > kShown + 1 &&
    h(
      'button.button.quiet.small.more',
      {
        type: 'button',
        onclick: (event) => {
          event.currentTarget.replaceWith(...lines.slice(kShown));
          lines[kShown].querySelector('summary').focus();
        },
      },
      `and ${lines.length - kShown} more`,
    );
  return h('div.findings', null, more ? [lines.slice(0, kShown), more] : lines);
}

function finding(each, titles, open) {
  const name = titles.get(each.cause) ?? each.cause;
  const link = (text) => h('a', { href: `/causes/${each.cause}` }, text);
  const confidence = h('span.badge', { class: colours[each.confidence] }, each.confidence);
  const reasons = [
    sentences('because', 'check', each.because),
    each.excludes?.length > 0 && h('p.label', null, 'Excluded'),
    sentences('excludes', 'cross', each.excludes),
  ];
  if (open) return h('div.finding.first', null, h('p.cause-name', null, link(name), ' ', confidence), reasons);
  return h(
    'details.finding',
    null,
    h('summary', null, h('span', null, name, ' ', confidence)),
    h('div.stack', null, reasons, h('p', null, link(`About the cause ${each.cause}`))),
  );
}

/// The fix for each software, chosen by name: of a diagnosis {software: setting}, of a cause [{software, set}].
export function fixes(listed) {
  const fix = Array.isArray(listed) ? Object.fromEntries(listed.map(({ software, set }) => [software, set])) : (listed ?? {});
  const names = Object.keys(fix);
  if (!names.length) return null;
  const place = h('div');
  const buttons = names.map((name) =>
    h('button', { type: 'button', 'aria-pressed': 'false', onclick: () => choose(name) }, name),
  );
  const choose = (name) => {
    buttons.forEach((button, index) => button.setAttribute('aria-pressed', String(names[index] === name)));
    fill(place, command_box(fix[name], `the fix for ${name}`));
  };
  choose(names[0]);
  return h(
    'div.part',
    null,
    h('h3', null, 'The fix'),
    h('div.segments.wrapping', { role: 'group', 'aria-label': 'The fix for which software' }, buttons),
    place,
  );
}
