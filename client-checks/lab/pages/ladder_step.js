// SPDX-License-Identifier: GPL-2.0-or-later
// One step of a ladder: an arrow from its sender, its label, and on demand what was decoded and the bytes.
import { api, get } from './api.js';
import { fill, h, icon, pressed, unseen } from './dom.js';
import { field_list } from './fields.js';
import { hex_dump } from './hex.js';
import { message_gist } from './message_gist.js';
import { alert_words, message_name, span } from './words.js';

const said_of = {
  fin: 'FIN: closes',
  reset: 'RST: resets the connection',
  deadline: 'Deadline: nothing more came',
  change_cipher_spec: 'ChangeCipherSpec',
  application_data: 'Application data',
};

/// What the arrow is called.
export function step_label(step) {
  if (step.alert) return `Alert: ${alert_words(step.alert.name, step.alert.code)}`;
  if (step.messages?.length) return step.messages.map((message) => message_name(message.type)).join(' \u00b7 ');
  if (is_socket(step)) return said_of[step.kind];
  if (step.kind === 'plain') return 'Plain text';
  if (step.kind === 'bytes') return 'Bytes that are no TLS';
  if (step.encrypted && !step.decrypted) return `Encrypted ${said_of[step.type]?.toLowerCase() ?? step.type ?? 'record'}`;
  return said_of[step.type] ?? (step.type ? message_name(step.type) : step.kind);
}

const is_socket = (step) => ['fin', 'reset', 'deadline'].includes(step.kind);

const colour_of = (step) => {
  if (step.alert) return step.alert.name === 'close_notify' ? 'calm' : step.alert.level === 'warning' ? 'amber' : 'red';
  return { reset: 'red', deadline: 'amber', fin: 'calm', bytes: 'amber' }[step.kind] ?? '';
};

/// A short fact under the label: what a reader wants without opening.
function gist(step) {
  if (is_socket(step)) return '';
  const parts = (step.messages ?? []).map(message_gist);
  if (step.alert) parts.push(`${step.alert.level}, sent by the ${step.from}`);
  else if (step.type === 'handshake' && !step.messages?.length && !step.encrypted) parts.push('a part of a message');
  if (step.kind === 'plain' || step.kind === 'bytes') parts.push(first_line(step.text));
  if (/too large/.test(step.text ?? '')) parts.push(step.text);
  if (step.length !== undefined && step.length !== null) parts.push(`${step.length.toLocaleString('en-GB')}\u00a0B`);
  return parts.filter(Boolean).join(' \u00b7 ');
}

const first_line = (text) => (text ?? '').trim().split('\n')[0].slice(0, 80);

const gist_of = (step) => {
  const text = gist(step);
  return text && h('span.gist', null, text);
};

/// The line of `step` of connection `id`; a `fresh` one moves in.
export function step_line(id, step, fresh) {
  const details = h('div.step-details', { hidden: true, id: `step-${id}-${step.n}` });
  const marks = [
    step.decrypted && h('span.badge.violet', null, icon('unlock'), 'decrypted'),
    step.encrypted && !step.decrypted && h('span.badge', null, icon('lock'), 'encrypted'),
  ];
  const towards = step.from === 'client' ? 'to the server' : step.from === 'server' ? 'to the client' : '';
  const button = h(
    'button.step',
    {
      type: 'button',
      'aria-expanded': 'false',
      'aria-controls': details.id,
      data: { from: step.from, colour: colour_of(step), kind: step.kind },
    },
    h('span.time', null, span(step.at_us)),
    h(
      'span.lane',
      null,
      unseen(step.from === 'deadline' ? '' : `${step.from} ${towards}: `),
      h('span.tag', null, h('strong', null, step_label(step)), marks, gist_of(step)),
      h('span.arrow', { 'aria-hidden': 'true' }),
    ),
    h('span.open', { 'aria-hidden': 'true' }, icon('right')),
  );
  button.addEventListener('click', () => {
    const opens = details.hidden;
    if (opens && !details.children.length) fill(details, decoded(id, step));
    details.hidden = !opens;
    button.setAttribute('aria-expanded', String(opens));
  });
  return h('li.step-line', { class: fresh ? 'fresh' : '' }, button, details);
}

function decoded(id, step) {
  const messages = (step.messages ?? []).map((message) =>
    h(
      'section.message',
      null,
      h('h3', null, message_name(message.type), ' ', h('code.soft', null, message.type)),
      message.fields && Object.keys(message.fields).length
        ? field_list(message.fields)
        : h('p.soft.small', null, 'Nothing to decode in it.'),
    ),
  );
  const facts = {
    from: step.from,
    at: span(step.at_us),
    phase: step.phase,
    record: step.type,
    version: step.version,
    length: step.length,
  };
  if (step.alert) facts.alert = `${step.alert.level} ${alert_words(step.alert.name, step.alert.code)}`;
  if (step.encrypted) facts.protection = step.decrypted ? 'encrypted; read with the session\u2019s keys' : 'encrypted';
  if (['plain', 'bytes'].includes(step.kind)) facts.text = step.text;
  return [
    messages,
    h('section.message', null, h('h3', null, 'Record'), field_list(facts)),
    has_bytes(step) && bytes_part(id, step),
  ];
}

const has_bytes = (step) => !is_socket(step);

function bytes_part(id, step) {
  const place = h('div');
  const button = h('button.button', { type: 'button' }, 'Show the bytes');
  pressed(button, async () => {
    const { hex } = await get(api('connections', id, 'steps', step.n, 'bytes'));
    fill(place, hex_dump(hex, place.clientWidth));
    button.remove();
    place.querySelector('pre').focus();
  });
  return h('section.message', null, button, place);
}
