// SPDX-License-Identifier: GPL-2.0-or-later
// Keys that work on every page.
import { h } from './dom.js';
import { go } from './router.js';

const kTyping = 'input, textarea, select, [contenteditable]';

export function listen_to_keys() {
  document.addEventListener('keydown', async (event) => {
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      event.target.closest?.(kTyping) ||
      document.querySelector('dialog[open]')
    )
      return;
    if (event.key === '/') {
      event.preventDefault();
      if (location.pathname !== '/') await go('/');
      document.getElementById('search')?.focus();
    } else if (event.key === '?') {
      show_keys();
    }
  });
}

const keys = [
  [['/'], 'Search the catalogue'],
  [['\u2193', '\u2191'], 'The next, the previous: in the catalogue, in the list of connections, in a ladder'],
  [['Enter'], 'Open what is chosen; the first hit while searching'],
  [['Esc'], 'Clear the search; close this'],
  [['?'], 'These keys'],
];

export function show_keys() {
  const dialog = h(
    'dialog.help',
    { 'aria-labelledby': 'keys-title' },
    h('h2', { id: 'keys-title' }, 'Keys'),
    h(
      'dl',
      null,
      keys.map(([names, what]) => [
        h(
          'dt',
          null,
          names.map((name) => h('kbd', null, name)),
        ),
        h('dd', null, what),
      ]),
    ),
    h('form', { method: 'dialog' }, h('button.button', { autofocus: true }, 'Close')),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/// Lets the arrow keys, Home and End move the focus among what `selector` finds in `container`.
export function arrows(container, selector) {
  container.addEventListener('keydown', (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
    if (!(event.key in steps) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const here = event.target.closest(selector);
    if (!here) return;
    const all = [...container.querySelectorAll(selector)].filter((each) => each.offsetParent !== null);
    const next = Math.min(all.length - 1, Math.max(0, all.indexOf(here) + steps[event.key]));
    event.preventDefault();
    if (all[next] === here && event.key === 'ArrowUp') container.dispatchEvent(new CustomEvent('before-first'));
    all[next].focus();
  });
}
