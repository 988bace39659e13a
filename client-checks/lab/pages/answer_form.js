// SPDX-License-Identifier: GPL-2.0-or-later
// The answer to an exercise: a cause of the list, and the fix in words.
import { api, post } from './api.js';
import { card, fill, h, pressed, toast } from './dom.js';
import { arrows } from './keys.js';

/// The card; `done()` is called when the exercise has changed.
export function answer_form(exercise, done) {
  const filter = h('input', { type: 'search', placeholder: 'Filter the causes', 'aria-label': 'Filter the causes' });
  const list = h('div.cause-choice', { role: 'radiogroup', 'aria-label': 'The cause' }, exercise.causes.map((cause) =>
    h('label', { data: { text: `${cause.title} ${cause.id}`.toLowerCase() } }, h('input', { type: 'radio', name: 'cause', value: cause.id }), h('span', null, cause.title), h('code.soft', null, cause.id))));
  const fix = h('textarea', { id: 'fix', rows: '3', placeholder: 'What to change, and on which side' });
  const said = h('div', { 'aria-live': 'assertive' });
  filter.addEventListener('input', () => {
    const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const label of list.children) label.hidden = !wanted.every((word) => label.dataset.text.includes(word));
  });
  arrows(list, 'label:not([hidden])');
  const send = async () => {
    const chosen = list.querySelector('input:checked');
    if (!chosen) { toast('Choose a cause first', true); filter.focus(); return; }
    const answer = await post(api('exercises', exercise.id, 'answer'), { cause: chosen.value, fix: fix.value });
    if (answer.right) toast(`Right: ${answer.score} points`);
    else fill(said, h('div.trouble', null, h('strong', null, 'No, that is not it'), answer.why));
    if (answer.right) await done();
  };
  const give_up = async () => { await post(api('exercises', exercise.id, 'give-up')); await done(); };
  return card('Your answer', null, h('div.stack', null, filter, list, h('div.field', null, h('label', { for: 'fix' }, 'The fix'), fix), said,
    h('div.row', null, pressed(h('button.button.primary', { type: 'button', id: 'answer' }, 'Answer'), send), pressed(h('button.button.quiet', { type: 'button' }, 'Give up'), give_up))));
}
