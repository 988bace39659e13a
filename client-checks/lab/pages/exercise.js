// SPDX-License-Identifier: GPL-2.0-or-later
// One exercise: the ticket, what the customer sent, evidence on demand, the answer, and afterwards what it was.
import { api, download, get, post } from './api.js';
import { answer_form } from './answer_form.js';
import { scenario_path } from './catalogue.js';
import { command_box } from './copy.js';
import { card, fill, h, icon, paragraphs, pressed } from './dom.js';
import { sentence } from './words.js';

const states = { open: ['amber', 'Why does it fail?'], solved: ['green', 'Solved'], 'given-up': ['', 'Given up'] };

export async function exercise_page({ parameters, signal }) {
  const path = api('exercises', parameters[0]);
  const headline = h('div.headline');
  const place = h('div.exercise-grid');

  let form = null; // kept while evidence comes: it may be half filled in

  const draw = (exercise, answer) => {
    const [colour, title] = states[exercise.state] ?? ['', exercise.state];
    fill(
      headline,
      h(
        'p.crumbs',
        null,
        h('a', { href: '/exercises' }, 'Exercises'),
        h('span', null, '/'),
        h('span', null, `Exercise ${exercise.id}`),
      ),
      h('h1', { tabindex: '-1' }, title),
      h(
        'p.row',
        null,
        h('span.badge', { class: colour }, exercise.state.replace('-', ' ')),
        exercise.level && h('span.badge', null, `level ${exercise.level}`),
        exercise.score !== null && exercise.score !== undefined && h('strong', null, `${exercise.score} of 100 points`),
        exercise.state !== 'open' &&
          exercise.curriculum &&
          h('a.button', { href: `/curricula/${encodeURIComponent(exercise.curriculum)}` }, 'Back to the curriculum'),
      ),
    );
    fill(
      place,
      h(
        'div.stack-wide',
        null,
        h(
          'section.ticket',
          { 'aria-label': 'The ticket' },
          h('h2', null, 'The ticket'),
          h('blockquote', null, paragraphs(exercise.ticket)),
        ),
        exercise.attachments.map(attachment),
        exercise.listener && server_of(exercise.listener),
      ),
      h(
        'div.stack-wide',
        null,
        exercise.state !== 'open' && ending(exercise, answer, path),
        evidence_card(exercise, path, reload),
        exercise.state === 'open' && (form ??= answer_form(exercise, reload)),
      ),
    );
  };
  const reload = async (answer) => {
    const before = headline.querySelector('h1')?.textContent;
    draw(await get(path, signal), answer);
    const title = headline.querySelector('h1');
    if (before !== undefined && before !== title.textContent) {
      title.focus();
      window.scrollTo(0, 0);
    }
  };
  await reload();
  return { title: `Exercise ${parameters[0]}`, content: h('div.page', null, headline, place) };
}

const save_button = (url) =>
  pressed(h('button.button', { type: 'button' }, icon('down'), 'Save'), () => download(url, url.split('/').slice(-2).join('-')));

function attachment(each) {
  if (each.url)
    return card(
      each.title,
      save_button(each.url),
      h('p.soft.small', null, 'Open it with Wireshark, or with alert40-check diagnose --pcap.'),
    );
  return h(
    'section.card',
    null,
    h('header', null, h('h2', null, each.title)),
    h('pre.output.flat', { tabindex: '0', 'aria-label': each.title }, each.text),
  );
}

function server_of(listener) {
  const address = listener.addresses?.[0] ?? location.hostname;
  const name = listener.server_name ? ` -servername ${listener.server_name}` : '';
  return card(
    'The server',
    null,
    h(
      'div.stack',
      null,
      h('p.small', null, 'It runs: try whatever client you like. That costs nothing.'),
      command_box(`openssl s_client -connect ${address}:${listener.port}${name} </dev/null`, 'a first command'),
    ),
  );
}

/// What can be asked for, and below it what has been, the newest first.
function evidence_card(exercise, path, reload) {
  const buttons =
    exercise.state === 'open' &&
    h(
      'ul.evidence-list',
      null,
      exercise.evidence.map((each) => {
        const closed = each.asked && !each.again;
        const button = h(
          'button.button',
          { type: 'button', data: { kind: each.kind }, disabled: closed },
          each.title,
          h('span.badge', null, closed ? 'asked' : `\u2212${each.cost}`),
        );
        return h(
          'li',
          null,
          pressed(button, async () => {
            await post(`${path}/evidence`, { kind: each.kind });
            await reload();
            document.querySelector('.piece pre, .piece button')?.focus();
          }),
        );
      }),
    );
  const pieces = [...exercise.asked]
    .reverse()
    .map((each) => h('section.piece', null, h('h3', null, each.title), content_of(each)));
  return card(
    'Evidence',
    h('span.soft.small', null, exercise.cost ? `${exercise.cost} points spent` : 'each request is noted'),
    buttons,
    pieces.length ? h('div.stack-wide', null, pieces) : exercise.state !== 'open' && h('p.soft', null, 'None was asked for.'),
  );
}

function content_of({ title, content }) {
  return [
    content.title && h('p.small.soft', null, content.title),
    content.text && h('pre.output', { tabindex: '0', 'aria-label': title }, content.text),
    content.url && save_button(content.url),
  ];
}

/// What was right, why, and the way there.
function ending(exercise, answer, path) {
  return card(
    'What it was',
    null,
    h(
      'div.stack',
      null,
      exercise.why && h('p', null, exercise.why),
      h(
        'dl.fields',
        null,
        h('dt', null, 'cause'),
        h('dd', null, h('a', { href: `/causes/${exercise.cause}` }, exercise.cause)),
        h('dt', null, 'scenario'),
        h('dd', null, h('a', { href: scenario_path(exercise.scenario) }, exercise.title)),
        h('dt', null, 'fix'),
        h('dd', null, exercise.fix_text),
      ),
      exercise.lesson && paragraphs(exercise.lesson),
      exercise.listener && fix_button(path),
      answer?.lines?.length > 0 &&
        h(
          'table.score',
          null,
          h('caption.unseen', null, 'The score'),
          h(
            'tbody',
            null,
            answer.lines.map((line) =>
              h(
                'tr',
                null,
                h('td.number', null, line.points > 0 ? `+${line.points}` : String(line.points).replace('-', '\u2212')),
                h('td', null, sentence(line.what)),
              ),
            ),
          ),
        ),
      exercise.trail?.length > 0 &&
        h(
          'div.part',
          null,
          h('h3', null, 'The trail'),
          h(
            'ol.trail',
            null,
            exercise.trail.map((each) =>
              h('li', null, trail_text(each), h('span.soft', null, ` after ${minutes(each.seconds)}`)),
            ),
          ),
        ),
    ),
  );
}

/// The proof: the fix is applied, and the customer's client comes again.
function fix_button(path) {
  const said = h('div', { 'aria-live': 'polite' });
  const button = h('button.button', { type: 'button', id: 'try-fix' }, 'Apply the fix and let the same client try again');
  return h(
    'div.stack',
    null,
    pressed(button, async () => {
      const tried = await post(`${path}/fix`);
      fill(
        said,
        h('p', null, h('span.badge', { class: tried.connected ? 'green' : 'amber' }, tried.connected ? 'connected' : 'not yet')),
        h('pre.output', { tabindex: '0', 'aria-label': 'What the client says' }, tried.text),
      );
    }),
    said,
  );
}

const trail_text = (each) => (each.cost ? `${each.what} (\u2212${each.cost})` : each.what);

const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
