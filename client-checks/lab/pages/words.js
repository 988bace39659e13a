// SPDX-License-Identifier: GPL-2.0-or-later
// How values are said: times, counts, the names of the RFCs.

/// 'client_hello' as the RFC's prose says it: ClientHello.
export const message_name = (type) =>
  String(type)
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/// Microseconds since the connection began, in the unit that reads best.
export function span(us) {
  if (us === undefined || us === null) return '';
  if (us < 100000) return `${(us / 1000).toFixed(2)} ms`;
  if (us < 1000000) return `${(us / 1000).toFixed(0)} ms`;
  return `${(us / 1000000).toFixed(2)} s`;
}

/// The time of day of an RFC 3339 time, with milliseconds.
export function clock(text) {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text ?? '';
  const two = (number) => String(number).padStart(2, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

export const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en-GB')} ${number === 1 ? one : many}`;

/// A sentence that comes without its capital and full stop.
export const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

/// A first sentence, for lists.
export function first_sentence(text) {
  const end = /[.!?](\s|$)/.exec(text ?? '');
  return end ? text.slice(0, end.index + 1) : (text ?? '');
}

const endings = {
  connected: ['green', 'Connects'],
  'server-alert': ['red', 'Server sends an alert'],
  'server-close': ['red', 'Server closes'],
  'server-reset': ['red', 'Server resets'],
  timeout: ['amber', 'Silence'],
  'client-rejects': ['red', 'Client rejects'],
  'client-closes': ['red', 'Client closes'],
  'http-refuses': ['amber', 'HTTP 400 after the handshake'],
  'not-listening': ['red', 'Nothing listens'],
  'client-never-speaks': ['amber', 'Client never speaks'],
};

/// How a scenario ends: [colour, words].
export function ending(scenario) {
  const [colour, words] = endings[scenario.ends] ?? ['', scenario.ends ?? 'unknown'];
  if (scenario.ends === 'server-alert' && scenario.alert)
    return [colour, `Server: ${alert_words(scenario.alert, scenario.alert_code)}`];
  return [colour, words];
}

const alert_codes = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
};

/// 'handshake_failure' with its number: handshake_failure (40).
export function alert_words(name, code = alert_codes[name]) {
  return code === undefined || /\(/.test(name) ? name : `${name} (${code})`;
}

/// Where in the handshake, as the reports say it ('before-server-hello'): in words.
export const phase_words = (phase) =>
  phase
    ? String(phase)
        .replaceAll('-', ' ')
        .replace('client hello', 'ClientHello')
        .replace('server hello', 'ServerHello')
        .replace('server flight', 'the server\u2019s flight')
        .replace('client finished', 'the client\u2019s Finished')
    : '';

/// Was it a failure? green, red, or grey while open.
export const connection_colour = (connection) => (connection.state === 'open' ? '' : connection.failed ? 'red' : 'green');
