// SPDX-License-Identifier: GPL-2.0-or-later
// A curriculum: its steps, and for the trainer the notes, made to be printed.
import { api, get } from './api.js';
import { h, icon, pressed, trouble } from './dom.js';
import { start_exercise } from './exercises.js';
import { prose } from './prose.js';
import { is_learner, is_trainer } from './session.js';
import { count } from './words.js';

export async function curriculum_page({ parameters, signal }) {
  const { curricula } = await get('/api/curricula', signal);
  const curriculum = curricula.find((each) => each.id === parameters[0]);
  if (!curriculum) throw Object.assign(new Error(`there is no curriculum ${parameters[0]}`), { title: 'No such curriculum', detail: 'The exercises page lists them.' });
  const notes = is_trainer() ? await get(api('curricula', curriculum.id, 'notes'), signal).catch((error) => error) : null;
  return {
    title: curriculum.title,
    content: h('div.page.narrow.curriculum-page', null,
      h('div.headline', null, h('p.crumbs', null, h('a', { href: '/exercises' }, 'Exercises'), '/', h('code', null, curriculum.id)), h('h1', { tabindex: '-1' }, curriculum.title),
        h('p.lead', null, curriculum.summary), h('p.row', null, h('span.badge', null, count(curriculum.steps.length, 'step')), curriculum.minutes && h('span.badge', null, `${curriculum.minutes} minutes`),
          h('button.button.screen-only', { type: 'button', onclick: () => window.print() }, icon('print'), 'Print'))),
      h('ol.curriculum-steps', null, curriculum.steps.map((step, index) => step_item(curriculum, step, index))),
      notes && h('section.notes', null, h('h2', null, 'Trainer\u2019s notes'), notes instanceof Error ? trouble(notes) : prose(notes))),
  };
}

function step_item(curriculum, step, index) {
  const start = is_learner() && pressed(h('button.button.screen-only', { type: 'button', 'aria-label': `Start step ${index + 1}: ${step.title}` }, icon('play'), 'Start'),
    () => start_exercise({ curriculum: curriculum.id, step: index + 1 }));
  return h('li', null, h('div.grow', null, h('strong', null, step.title), h('p.soft.small', null, [step.family, step.level && `level ${step.level}`].filter(Boolean).join(' \u00b7 '))), start);
}
