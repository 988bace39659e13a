// SPDX-License-Identifier: GPL-2.0-or-later
// The bar at the top of every page, and the notice below it when the stream is lost.
import { fill, h, icon } from './dom.js';
import { show_keys } from './keys.js';
import { moves } from './router.js';
import { is_trainer, learner_name, leave, session_changes } from './session.js';
import { store } from './store.js';

const pages = [
  ['/', 'Catalogue', /^\/($|scenario|causes)/],
  ['/connections', 'Connections', /^\/connections/],
  ['/listeners', 'Listeners', /^\/listeners/],
  ['/exercises', 'Exercises', /^\/(exercises|curricula|join)/],
  ['/results', 'Results', /^\/results/],
];

export function draw_bar(bar, notice) {
  const number = h('span.count', { 'aria-hidden': 'true' }, '0');
  const links = pages.map(([path, name]) => h('a', { href: path }, name, path === '/connections' && number));
  const stream = h('span.stream', { role: 'status', data: { state: 'connecting' } }, 'Connecting');
  const who = h('span.who');
  fill(
    bar,
    h('a.brand', { href: '/' }, h('span.mark', { 'aria-hidden': 'true' }, '40'), h('span.word', null, 'alert40 lab')),
    h('nav.nav', { 'aria-label': 'Pages' }, links),
    h('div.tools', null, stream, who, switches()),
  );

  const mark_current = () =>
    links.forEach((link, index) => {
      if (pages[index][2].test(location.pathname)) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    });
  moves.addEventListener('moved', mark_current);
  mark_current();

  const say_who = () => {
    links[pages.findIndex(([path]) => path === '/listeners')].hidden = !is_trainer(); // nobody else changes them there
    fill(
      who,
      is_trainer() ? 'Trainer' : (learner_name() ?? ''),
      learner_name() &&
        h('button.button.quiet', { type: 'button', onclick: leave, 'aria-label': `Leave the lab as ${learner_name()}` }, 'Leave'),
    );
  };
  session_changes.addEventListener('change', say_who);
  say_who();

  const always = new AbortController().signal;
  const recount = () => fill(number, String(store.total()));
  for (const name of ['connection', 'reloaded', 'dropped']) store.on(name, always, recount);
  store.on('state', always, (state) => say_state(stream, notice, state));
}

function say_state(stream, notice, state) {
  stream.dataset.state = state;
  fill(stream, state === 'live' ? 'Live' : 'Disconnected');
  notice.hidden = state === 'live';
  if (state === 'lost')
    fill(notice, `Disconnected from the lab${store.why ? `: ${store.why}` : ''}. What you see may be old; trying again.`);
}

function switches() {
  const theme = h('button.button.quiet', { type: 'button' });
  const type = h('button.button.quiet', { type: 'button', title: 'Type size', 'aria-label': 'Large type' }, icon('type'));
  const keys = h(
    'button.button.quiet.wide-only',
    { type: 'button', title: 'Keys (?)', 'aria-label': 'Keys', onclick: show_keys },
    icon('keyboard'),
  );
  const draw = () => {
    const dark = window.appearance.theme() === 'dark';
    fill(theme, icon(dark ? 'sun' : 'moon'));
    theme.setAttribute('aria-label', dark ? 'Light colours' : 'Dark colours');
    theme.title = dark ? 'Light colours' : 'Dark colours';
    type.setAttribute('aria-pressed', String(window.appearance.type() === 'large'));
  };
  theme.addEventListener('click', () => {
    window.appearance.setTheme(window.appearance.theme() === 'dark' ? 'light' : 'dark');
    draw();
  });
  type.addEventListener('click', () => {
    window.appearance.setType(window.appearance.type() === 'large' ? 'normal' : 'large');
    draw();
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  draw();
  return [keys, type, theme];
}
