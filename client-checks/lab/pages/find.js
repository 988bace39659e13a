// SPDX-License-Identifier: GPL-2.0-or-later
// The search of the catalogue: every word must be found somewhere; a hit in the title counts more than one in the lesson.

const fields = [
  ['title', 8],
  ['id', 6],
  ['cause', 5],
  ['cause_title', 4],
  ['alert', 4],
  ['ends', 2],
  ['story', 2],
  ['lesson', 1],
];

const plain = (text) => String(text ?? '').toLowerCase();

/// The scenarios with what the search looks at, in lower case.
export function searchable(scenarios, titles) {
  return scenarios.map((scenario) => {
    const full = { ...scenario, cause_title: titles.get(scenario.cause) };
    return { scenario, text: fields.map(([name]) => plain(full[name])) };
  });
}

export const words_of = (query) => plain(query).split(/\s+/).filter(Boolean);

/// 0 where `word` is nowhere in `text`.
function score(text, word) {
  let sum = 0;
  text.forEach((value, index) => {
    const at = value.indexOf(word);
    if (at < 0) return;
    const starts = at === 0 || !/[a-z0-9]/.test(value[at - 1]);
    sum += fields[index][1] * (starts ? 2 : 1);
  });
  return sum;
}

/// The scenarios that have every word of `query`, best first (of equal ones that of the shorter id).
export function find(all, query) {
  const words = words_of(query);
  const hits = [];
  for (const each of all) {
    let sum = 0;
    const fits = words.every((word) => {
      const one = score(each.text, word);
      sum += one;
      return one > 0;
    });
    if (fits) hits.push({ scenario: each.scenario, sum });
  }
  return hits.sort((a, b) => b.sum - a.sum || a.scenario.id.length - b.scenario.id.length).map((hit) => hit.scenario);
}

/// `text` in parts, those that are one of `words` marked: [[part, marked], ...].
export function marked(text, words) {
  if (!words.length) return [[text, false]];
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return text
    .split(new RegExp(`(${escaped.join('|')})`, 'i'))
    .filter(Boolean)
    .map((part) => [part, words.includes(part.toLowerCase())]);
}
