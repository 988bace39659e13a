// SPDX-License-Identifier: GPL-2.0-or-later
// A piece of evidence that was asked for, whatever its shape.
import { h } from './dom.js';
import { field_list } from './fields.js';

export function evidence_content(content) {
  if (typeof content === 'string') return h('pre.output', { tabindex: '0' }, content);
  if (Array.isArray(content)) return h('ol.plain', null, content.map((each) => h('li', null, typeof each === 'string' ? each : field_list(each))));
  return field_list(content ?? {});
}
