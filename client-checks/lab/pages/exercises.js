// SPDX-License-Identifier: GPL-2.0-or-later
// The way into the exercises: a curriculum's next step, or one by family or difficulty.
import { get, post, scenarios } from './api.js';
import { card, h, icon, pressed } from './dom.js';
import { go } from './router.js';
import { is_learner, is_trainer, learner_name, may_change } from './session.js';
import { count } from './words.js';

// How many causes of the catalogue end in the same way.
const levels = [
  ['', 'any'],
  ['1', '1: one cause looks so'],
  ['2', '2: a few do'],
  ['3', '3: many do'],
];

/// Starts an exercise and goes to it; its answer is kept for the page that shows it.
export async function start_exercise(wish) {
  const exercise = await post('/api/exercises', wish);
  await go(`/exercises/${encodeURIComponent(exercise.id)}`);
}

export async function exercises_page({ signal }) {
  const [{ curricula }, all, own] = await Promise.all([get('/api/curricula', signal), scenarios(), own_exercises(signal)]);
  const families = [...new Set(all.filter((scenario) => scenario.ends !== 'connected').map((scenario) => scenario.family))];
  return {
    title: 'Exercises',
    content: h(
      'div.page',
      null,
      h(
        'div.headline',
        null,
        h('h1', { tabindex: '-1' }, 'Exercises'),
        h(
          'p.lead',
          null,
          'The lab hides a cause. You get the ticket and what the customer sent; all other evidence you ask for, and it costs.',
        ),
        invitation(),
      ),
      h(
        'div.exercise-grid',
        null,
        h('div.stack-wide', null, curricula.map(curriculum_card)),
        h('div.stack-wide', null, may_change() && free_choice(families), mine(own)),
      ),
    ),
  };
}

const own_exercises = async (signal) =>
  may_change() ? (await get('/api/exercises', signal)).exercises.filter(({ learner }) => learner === (learner_name() ?? '')) : [];

function invitation() {
  if (is_learner()) return h('p', null, 'You are here as ', h('strong', null, learner_name()), '.');
  if (is_trainer())
    return h(
      'p',
      null,
      'Learners open ',
      h('code', null, `${location.origin}/join`),
      ' and give a name. How they fare: ',
      h('a', { href: '/results' }, 'results'),
      '.',
    );
  return h('p', null, h('a.button.primary', { href: '/join' }, 'Join with a name'));
}

function curriculum_card(curriculum) {
  return h(
    'section.card.curriculum',
    null,
    h(
      'header',
      null,
      h('h2', null, h('a', { href: `/curricula/${encodeURIComponent(curriculum.id)}` }, curriculum.title)),
      h('span.badge', null, count(curriculum.steps.length, 'step')),
      curriculum.minutes && h('span.badge', null, `${curriculum.minutes} min`),
    ),
    h(
      'div.body.stack',
      null,
      h('p', null, curriculum.summary),
      h(
        'ol.step-titles',
        null,
        curriculum.steps.map((step) => h('li', null, step.title)),
      ),
      h('p', null, h('a.button', { href: `/curricula/${encodeURIComponent(curriculum.id)}` }, 'Open', icon('right'))),
    ),
  );
}

function free_choice(families) {
  const family = h(
    'select',
    { id: 'family' },
    h('option', { value: '' }, 'any'),
    families.map((name) => h('option', { value: name }, name)),
  );
  const level = h(
    'select',
    { id: 'level' },
    levels.map(([value, name]) => h('option', { value }, name)),
  );
  const button = pressed(h('button.button.primary', { type: 'button', id: 'start-exercise' }, icon('play'), 'Start'), () => {
    const wish = {};
    if (family.value) wish.family = family.value;
    if (level.value) wish.level = Number(level.value);
    return start_exercise(wish);
  });
  return card(
    'One by chance',
    null,
    h(
      'div.row.bottom',
      null,
      h('div.field', null, h('label', { for: 'family' }, 'Family'), family),
      h('div.field', null, h('label', { for: 'level' }, 'Difficulty'), level),
      button,
    ),
  );
}

function mine(own) {
  if (!may_change()) return null;
  const line = (each) =>
    h(
      'li',
      null,
      h('a', { href: `/exercises/${encodeURIComponent(each.id)}` }, `Exercise ${each.id}`),
      ', level ',
      each.level,
      ' ',
      h(
        'span.badge',
        { class: each.state === 'solved' ? 'green' : each.state === 'open' ? 'amber' : '' },
        each.state.replace('-', ' '),
      ),
      each.score !== null && ` ${each.score} of 100`,
    );
  return card(
    'Yours so far',
    h('a.small', { href: '/results' }, 'all results'),
    own.length ? h('ul.plain-lines', null, [...own].reverse().map(line)) : h('p.soft', null, 'None yet.'),
  );
}
