// SPDX-License-Identifier: GPL-2.0-or-later
// What a handshake message says in a few words; the whole stands in its fields.
import { count } from './words.js';

const gists = {
  client_hello: (fields) => [
    fields.server_name ? `for ${fields.server_name}` : 'for no name',
    highest(fields.supported_versions) ?? fields.legacy_version,
    fields.cipher_suites && count(fields.cipher_suites.length, 'suite'),
  ],
  server_hello: (fields) => [
    fields.hello_retry_request && 'HelloRetryRequest',
    fields.supported_versions ?? fields.legacy_version,
    fields.cipher_suite,
  ],
  certificate: ({ certificate_list: list }) => [
    list &&
      (list.length ? `${list[0].subject ?? 'unreadable'}${list.length > 1 ? ` and ${list.length - 1} more` : ''}` : 'empty'),
  ],
};

/// GREASE values (RFC 8701) come first in some lists, and are no versions.
const highest = (versions) => {
  const first = versions?.find((version) => /^(TLS|SSL)/.test(version));
  return first && `up to ${first}`;
};

/// '' where its name says enough.
export function message_gist({ type, fields }) {
  if (fields?.error) return fields.error;
  return (gists[type]?.(fields ?? {}) ?? []).filter(Boolean).join(', ');
}
