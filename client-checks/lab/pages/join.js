// SPDX-License-Identifier: GPL-2.0-or-later
// A learner gives a name and gets a token.
import { post } from './api.js';
import { h, trouble } from './dom.js';
import { go } from './router.js';
import { become_learner, learner_name } from './session.js';

export async function join_page() {
  const said = h('div', { 'aria-live': 'assertive' });
  const input = h('input', {
    type: 'text',
    id: 'name',
    name: 'name',
    required: true,
    maxlength: '40',
    autocomplete: 'nickname',
    spellcheck: 'false',
    'aria-describedby': 'name-hint',
  });
  const form = h(
    'form.card',
    null,
    h(
      'div.body.stack',
      null,
      h(
        'div.field',
        null,
        h('label', { for: 'name' }, 'Your name'),
        input,
        h('p.small.soft', { id: 'name-hint' }, 'As it shall stand in the results. Each name is given once.'),
      ),
      h('button.button.primary', { type: 'submit' }, 'Join'),
      said,
    ),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const learner = await post('/api/learners', { name: input.value.trim() });
      await go('/exercises');
      become_learner(learner.name, learner.token);
    } catch (error) {
      said.replaceChildren(trouble(error));
      input.focus();
    }
  });
  return {
    title: 'Join',
    focus: input,
    content: h(
      'div.page.narrow.join',
      null,
      h(
        'div.headline',
        null,
        h('h1', null, 'Join the exercises'),
        h(
          'p.lead',
          null,
          'A ticket, what a customer would send, and one question: why does the handshake fail? You ask for evidence, name the cause, propose the fix.',
        ),
        learner_name() &&
          h(
            'p',
            null,
            'You are here as ',
            h('strong', null, learner_name()),
            '. ',
            h('a', { href: '/exercises' }, 'To the exercises'),
          ),
      ),
      form,
    ),
  };
}
