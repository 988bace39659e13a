// SPDX-License-Identifier: GPL-2.0-or-later
// Notes as text: paragraphs, headings (#), lists (-), commands (lines indented by four) become what they mean; the rest stays text.
import { h } from './dom.js';
import { field_list } from './fields.js';

/// Notes as a text, as {notes: text or list}, or as fields.
export function prose(notes) {
  const value = notes?.notes ?? notes?.text ?? notes;
  if (typeof value === 'string') return h('div.prose', null, blocks(value));
  if (Array.isArray(value)) return h('ol.prose', null, value.map((each) => h('li', null, typeof each === 'string' ? blocks(each) : step_notes(each))));
  return h('div.prose', null, step_notes(value));
}

const step_notes = (each) => [each.title && h('h3', null, each.title), Object.entries(each).filter(([name, value]) => name !== 'title' && typeof value === 'string').map(([name, value]) =>
  h('div.note', null, h('h4', null, name.replaceAll('_', ' ')), blocks(value))), rest(each)];

function rest(each) {
  const others = Object.fromEntries(Object.entries(each).filter(([name, value]) => name !== 'title' && typeof value !== 'string'));
  return Object.keys(others).length > 0 && field_list(others);
}

function blocks(text) {
  return text.trim().split(/\n\s*\n/).map((block) => {
    const lines = block.split('\n');
    if (/^#+ /.test(block)) return h('h3', null, block.replace(/^#+ /, ''));
    if (lines.every((line) => /^\s*[-*] /.test(line))) return h('ul.plain', null, lines.map((line) => h('li', null, line.replace(/^\s*[-*] /, ''))));
    if (lines.every((line) => line.startsWith('    '))) return h('pre.output', null, lines.map((line) => line.slice(4)).join('\n'));
    return h('p', null, block);
  });
}
