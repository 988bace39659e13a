// SPDX-License-Identifier: GPL-2.0-or-later
// Which page an address shows. Links inside the lab change the page without loading it anew, so that the event stream stays open.
import { fill, h, trouble } from './dom.js';
import { session_changes } from './session.js';
import { catalogue_page } from './catalogue.js';
import { cause_page } from './cause.js';
import { connections_page } from './connections.js';
import { curriculum_page } from './curriculum.js';
import { exercise_page } from './exercise.js';
import { exercises_page } from './exercises.js';
import { join_page } from './join.js';
import { listeners_page } from './listeners_page.js';
import { results_page } from './results.js';
import { scenario_page } from './scenario.js';

// A page takes {parameters, query, signal} and gives {title, content, focus?}; `signal` ends with it.
const routes = [
  [/^\/$/, catalogue_page],
  [/^\/scenario\/([^/]+)\/([^/]+)$/, scenario_page],
  [/^\/connections(?:\/(\d+))?$/, connections_page],
  [/^\/causes\/([^/]+)$/, cause_page],
  [/^\/exercises$/, exercises_page],
  [/^\/exercises\/([^/]+)$/, exercise_page],
  [/^\/curricula\/([^/]+)$/, curriculum_page],
  [/^\/listeners$/, listeners_page],
  [/^\/results$/, results_page],
  [/^\/join$/, join_page],
];

/// Tells 'moved' when another page is shown.
export const moves = new EventTarget();

let main;
let shown = new AbortController();
let first = true;

export function start_router(element) {
  main = element;
  window.addEventListener('popstate', () => show());
  document.addEventListener('click', follow);
  session_changes.addEventListener('change', () => show(false));
  show();
}

/// Goes to `path` inside the lab.
export function go(path) {
  history.pushState(null, '', path);
  window.scrollTo(0, 0);
  return show();
}

/// Puts `path` into the address bar without showing another page.
export function rename(path) {
  history.replaceState(null, '', path);
  moves.dispatchEvent(new Event('moved'));
}

function follow(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || link.target || link.hasAttribute('download')) return;
  if (!routes.some(([pattern]) => pattern.test(url.pathname))) return;
  if (url.pathname === location.pathname && url.hash) return;
  event.preventDefault();
  go(url.pathname + url.search);
}

const is_abort = (error) => error.name === 'AbortError';

async function show(move_focus = true) {
  shown.abort();
  const mine = new AbortController();
  shown = mine;
  moves.dispatchEvent(new Event('moved'));
  main.setAttribute('aria-busy', 'true');
  let page;
  try {
    page = await open(location.pathname, mine.signal);
  } catch (error) {
    if (is_abort(error) || mine.signal.aborted) return;
    page = {
      title: 'Trouble',
      content: h('div.page.narrow', null, h('h1', { tabindex: '-1' }, 'This page did not open'), h('p'), trouble(error)),
    };
  }
  if (mine.signal.aborted) return;
  fill(main, page.content);
  main.removeAttribute('aria-busy');
  document.title = `${page.title} \u00b7 alert40 lab`;
  const focus = page.focus ?? main.querySelector('h1');
  if (move_focus && (page.focus || !first)) focus?.focus({ preventScroll: true });
  first = false;
}

async function open(path, signal) {
  for (const [pattern, page] of routes) {
    const found = pattern.exec(path);
    if (found)
      return page({
        parameters: found.slice(1).map((part) => part && decodeURIComponent(part)),
        query: new URLSearchParams(location.search),
        signal,
      });
  }
  return {
    title: 'Not here',
    content: h(
      'div.page.narrow.stack',
      null,
      h('h1', { tabindex: '-1' }, 'There is no such page'),
      h('p.lead', null, path, ' is none of the lab\u2019s pages.'),
      h('p', null, h('a.button', { href: '/' }, 'To the catalogue')),
    ),
  };
}
