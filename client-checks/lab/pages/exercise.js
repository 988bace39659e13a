// SPDX-License-Identifier: GPL-2.0-or-later
// One exercise: the ticket, what the customer sent, evidence on demand, the answer, and afterwards the trail.
import { api, download, get, post } from './api.js';
import { answer_form } from './answer_form.js';
import { command_box } from './copy.js';
import { card, fill, h, icon, pressed } from './dom.js';
import { field_list } from './fields.js';
import { scenario_path } from './catalogue.js';

export async function exercise_page({ parameters, signal }) {
  const id = parameters[0];
  const place = h('div.exercise-grid');
  const headline = h('div.headline');
  const answers = new Map(); // evidence that was asked for, by kind

  const draw = (exercise) => {
    for (const each of exercise.asked ?? []) if (each.content !== undefined && !answers.has(each.kind)) answers.set(each.kind, each);
    fill(headline, h('p.crumbs', null, h('a', { href: '/exercises' }, 'Exercises'), h('span', null, '/'), h('span', null, `Exercise ${exercise.id}`)),
      h('h1', { tabindex: '-1' }, exercise.state === 'open' ? 'Why does it fail?' : exercise.state === 'solved' ? 'Solved' : 'Given up'),
      h('p.row', null, h('span.badge', { class: exercise.state === 'solved' ? 'green' : exercise.state === 'open' ? 'amber' : '' }, exercise.state), exercise.score !== undefined && exercise.score !== null && h('strong', null, `${exercise.score} points`)));
    fill(place,
      h('div.stack-wide', null, h('section.ticket', null, h('h2', null, 'The ticket'), h('blockquote', null, exercise.ticket)), (exercise.attachments ?? []).map(attachment),
        exercise.listener && server_of(exercise.listener)),
      h('div.stack-wide', null, evidence_card(exercise, answers, reload), exercise.state === 'open' ? answer_form(exercise, reload) : ending(exercise)));
  };
  const reload = async () => draw(await get(api('exercises', id), signal));
  await reload();
  return { title: `Exercise ${id}`, content: h('div.page', null, headline, place) };
}

function attachment(each, index) {
  if (each.url) {
    const button = pressed(h('button.button', { type: 'button' }, icon('down'), 'Save'), () => download(each.url, each.url.split('/').pop() || 'capture.pcapng'));
    return card(each.title, button, h('p.soft.small', null, 'Open it with Wireshark, or with alert40-check diagnose --pcap.'));
  }
  return h('section.card', null, h('header', null, h('h2', null, each.title)), h('pre.output.flat', { tabindex: '0', 'aria-label': each.title, id: `attachment-${index}` }, each.text));
}

const server_of = (listener) => card('The server', null, h('div.stack', null, h('p.small', null, 'It runs: try whatever client you like.'),
  command_box(`openssl s_client -connect ${listener.addresses?.[0] ?? location.hostname}:${listener.port}${listener.server_name ? ` -servername ${listener.server_name}` : ''}`, 'a first command')));

function evidence_card(exercise, answers, reload) {
  const got = h('div.stack-wide');
  const show = () => fill(got, [...answers.values()].map((each) => h('section.piece', null, h('h3', null, each.title), content_of(each))));
  const buttons = exercise.state === 'open' && h('ul.evidence-list', null, (exercise.evidence ?? []).map((each) => {
    const asked = (exercise.asked ?? []).some((one) => (one.kind ?? one) === each.kind);
    const button = h('button.button', { type: 'button', 'aria-pressed': String(asked) }, each.title, h('span.badge', null, asked ? 'asked' : each.cost ? `\u2212${each.cost}` : 'free'));
    return h('li', null, pressed(button, async () => {
      answers.set(each.kind, await post(api('exercises', exercise.id, 'evidence'), { kind: each.kind }));
      await reload();
    }));
  }));
  show();
  return card('Evidence', h('span.soft.small', null, 'each request is noted'), buttons, got);
}

/// A text; or a file, such as a capture.
function content_of(piece) {
  const url = piece.url ?? piece.content?.url;
  if (url) return pressed(h('button.button', { type: 'button' }, icon('down'), 'Save'), () => download(url, url.split('/').pop()));
  if (typeof piece.content === 'string') return h('pre.output', { tabindex: '0', 'aria-label': piece.title }, piece.content);
  return field_list(piece.content ?? {});
}

/// What was right, why, and the way there.
function ending(exercise) {
  return card('What it was', null, h('div.stack', null,
    exercise.why && h('p', null, exercise.why),
    exercise.cause && h('p', null, 'The cause: ', h('a', { href: `/causes/${exercise.cause}` }, exercise.cause)),
    exercise.scenario && h('p', null, 'The scenario: ', h('a', { href: scenario_path(exercise.scenario) }, exercise.scenario)),
    trail(exercise.trail)));
}

export const trail = (steps) => steps?.length > 0 && h('div.part', null, h('h3', null, 'Your trail'), h('ol.trail', null, steps.map((each) => h('li', null,
  typeof each === 'string' ? each : [each.what ?? each.title ?? each.kind, each.cost ? h('span.soft', null, ` \u2212${each.cost}`) : '']))));
