// SPDX-License-Identifier: GPL-2.0-or-later
// A curriculum: what each step shows, asks and leaves; for the trainer the answers and notes besides. Made to be printed.
import { api, get } from './api.js';
import { scenario_path } from './catalogue.js';
import { command_box } from './copy.js';
import { h, icon, pressed } from './dom.js';
import { start_exercise } from './exercises.js';
import { is_trainer, may_change } from './session.js';
import { count } from './words.js';

export async function curriculum_page({ parameters, signal }) {
  const curriculum = await whole(parameters[0], signal);
  return {
    title: curriculum.title,
    content: h(
      'div.page.narrow.curriculum-page',
      null,
      h(
        'div.headline',
        null,
        h('p.crumbs', null, h('a', { href: '/exercises' }, 'Exercises'), h('span', null, '/'), h('code', null, curriculum.id)),
        h('h1', { tabindex: '-1' }, curriculum.title),
        h('p.lead', null, curriculum.summary),
        curriculum.audience && h('p.soft', null, 'For: ', curriculum.audience),
        h(
          'p.row',
          null,
          h('span.badge', null, count(curriculum.steps.length, 'step')),
          curriculum.minutes && h('span.badge', null, `${curriculum.minutes} minutes`),
          h(
            'button.button.screen-only',
            { type: 'button', onclick: () => window.print() },
            icon('print'),
            is_trainer() ? 'Print with the notes' : 'Print',
          ),
        ),
      ),
      curriculum.prepare && note('To prepare', curriculum.prepare),
      h(
        'ol.curriculum-steps',
        null,
        curriculum.steps.map((step, index) => step_item(curriculum, step, index)),
      ),
    ),
  };
}

/// With all that a step says, where the API gives it; the trainer's notes among it.
async function whole(id, signal) {
  return get(is_trainer() ? api('curricula', id, 'notes') : api('curricula', id), signal);
}

function step_item(curriculum, step, index) {
  const start =
    step.hidden &&
    may_change() &&
    pressed(
      h(
        'button.button.primary.screen-only',
        { type: 'button', 'aria-label': `Start step ${index + 1}: ${step.title}` },
        icon('play'),
        'Start',
      ),
      () => start_exercise({ curriculum: curriculum.id, step: index + 1 }),
    );
  return h(
    'li.curriculum-step',
    null,
    h('header', null, h('h2', null, step.title), step.minutes && h('span.badge', null, `${step.minutes} min`), start),
    h(
      'p.shown',
      null,
      step.hidden
        ? ['An exercise with a hidden cause', step.family && `, of ${step.family}`, step.level && `, level ${step.level}`]
        : scenario_links(step),
    ),
    step.look && h('p', null, h('strong', null, 'On the ladder. '), step.look),
    (step.do ?? []).map((each) =>
      h(
        'div.do',
        null,
        command_box(each.command, 'the command'),
        h(
          'p.small.soft',
          null,
          each.scenario && each.scenario !== step.scenario && [link_of(each.scenario), ': '],
          each.fixed && 'with the fix: ',
          each.shows,
        ),
      ),
    ),
    (step.questions ?? []).map((each) =>
      h(
        'div.question',
        null,
        h('p', null, h('strong', null, 'Question. '), each.ask),
        each.answer && h('p.answer', null, h('strong', null, 'Answer. '), each.answer),
      ),
    ),
    step.point && h('p.point', null, h('strong', null, 'To take away. '), step.point),
    step.notes && note('Trainer', step.notes),
  );
}

const link_of = (id) => h('a', { href: scenario_path(id) }, id);

const scenario_links = (step) =>
  step.scenario && [
    link_of(step.scenario),
    step.beside?.length > 0 && [', beside it ', step.beside.map((id, index) => [index > 0 && ', ', link_of(id)])],
  ];

const note = (title, text) =>
  h(
    'aside.note',
    { 'aria-label': title },
    h('h3', null, title),
    text
      .trim()
      .split(/\n+/)
      .map((line) => (line.startsWith('- ') ? h('p.dashed', null, line.slice(2)) : h('p', null, line))),
  );
