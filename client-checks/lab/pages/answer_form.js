// SPDX-License-Identifier: GPL-2.0-or-later
// The answer to an exercise: one cause of a list, and one fix of another.
import { api, post } from './api.js';
import { card, fill, h, pressed, toast } from './dom.js';

/// The card; `done(answer)` is called when the exercise has changed.
export function answer_form(exercise, done) {
  const cause = choice(
    'cause',
    'The cause',
    exercise.causes.map((each) => ({ value: each.id, text: each.title, note: each.id })),
  );
  const fix = choice(
    'fix',
    'The fix',
    exercise.fixes.map((each) => ({ value: each.id, text: each.text })),
  );
  const said = h('div', { 'aria-live': 'assertive' });
  const send = async () => {
    for (const [part, what] of [
      [cause, 'a cause'],
      [fix, 'a fix'],
    ]) {
      if (part.value()) continue;
      toast(`Choose ${what} first`, true);
      part.focus();
      return;
    }
    const answer = await post(api('exercises', exercise.id, 'answer'), { cause: cause.value(), fix: fix.value() });
    if (answer.right) await done(answer);
    else fill(said, h('div.trouble', null, h('strong', null, 'That is not it'), answer.why));
  };
  const give_up = async () => {
    await post(api('exercises', exercise.id, 'give-up'));
    await done();
  };
  return card(
    'Your answer',
    null,
    h(
      'div.stack',
      null,
      cause.element,
      fix.element,
      said,
      h(
        'div.row',
        null,
        pressed(h('button.button.primary', { type: 'button', id: 'answer' }, 'Answer'), send),
        pressed(h('button.button.quiet', { type: 'button' }, 'Give up'), give_up),
      ),
    ),
  );
}

/// Radio buttons with a filter where there are many. The browser's own arrow keys go through them.
function choice(name, title, options) {
  const list = h(
    'div.cause-choice',
    { role: 'radiogroup', 'aria-label': title },
    options.map((each) =>
      h(
        'label',
        { data: { text: `${each.text} ${each.note ?? ''}`.toLowerCase() } },
        h('input', { type: 'radio', name, value: each.value }),
        h('span', null, each.text),
        each.note && h('code.soft', null, each.note),
      ),
    ),
  );
  const filter = options.length > 12 && h('input', { type: 'search', placeholder: 'Filter', 'aria-label': `Filter: ${title}` });
  if (filter) {
    filter.addEventListener('input', () => {
      const wanted = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const label of list.children) label.hidden = !wanted.every((word) => label.dataset.text.includes(word));
    });
  }
  return {
    element: h('div.field', null, h('span.label', null, title), filter, list),
    value: () => list.querySelector('input:checked')?.value ?? '',
    focus: () => list.querySelector('input').focus(),
  };
}
