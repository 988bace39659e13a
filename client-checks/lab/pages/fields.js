// SPDX-License-Identifier: GPL-2.0-or-later
// Decoded fields of whatever shape: names and values, lists, fields in fields.
import { h } from './dom.js';

const kMost = 200; // values of one list

const is_plain = (value) => value === null || typeof value !== 'object';
const plain_text = (value) => (value === null ? 'none' : value === true ? 'yes' : value === false ? 'no' : String(value));
const field_name = (name) => name.replaceAll('_', ' ');

function value_of(value) {
  if (is_plain(value)) return h('span.value', null, plain_text(value));
  if (Array.isArray(value)) {
    if (!value.length) return h('span.value.soft', null, 'empty');
    const shown = value.slice(0, kMost);
    const more = value.length > kMost && h('li.soft', null, `and ${value.length - kMost} more`);
    if (shown.every(is_plain))
      return h(
        'ul.values',
        null,
        shown.map((each) => h('li', null, plain_text(each))),
        more,
      );
    return h(
      'ol.nested',
      null,
      shown.map((each) => h('li', null, value_of(each))),
      more,
    );
  }
  return field_list(value);
}

/// `fields` as a list of names and values; what is undefined is left out.
export function field_list(fields) {
  const present = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return h(
    'dl.fields',
    null,
    present.map(([name, value]) => [h('dt', null, field_name(name)), h('dd', null, value_of(value))]),
  );
}
