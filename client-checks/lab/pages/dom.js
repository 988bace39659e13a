// SPDX-License-Identifier: GPL-2.0-or-later
// Building the page: elements with text. Nothing here takes HTML, so what comes from the wire stays text.

/// An element: `tag` may carry classes ('div.card.wide'); `props` are attributes, `on...` listeners, `data`, `value`, `signal`-free;
/// children are nodes, text, arrays of both; null, undefined and false are left out.
export function h(tag, props, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(props ?? {})) set(element, key, value);
  element.append(...nodes(children));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
  else if (key === 'class') element.classList.add(...String(value).split(' ').filter(Boolean));
  else if (key === 'data') Object.assign(element.dataset, value);
  else if (key === 'value') element.value = value;
  else element.setAttribute(key, value === true ? '' : String(value));
}

function nodes(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false && child !== '')
    .map((child) => (child instanceof Node ? child : document.createTextNode(String(child))));
}

/// Puts `children` in the place of what `element` has.
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/// A text of the catalogue, whose lines are wrapped by hand, as paragraphs.
export const paragraphs = (text) =>
  (text ?? '')
    .trim()
    .split(/\n\s*\n/)
    .map((each) => h('p', null, each.replaceAll('\n', ' ')));

/// Text for screen readers only.
export const unseen = (text) => h('span.unseen', null, text);

const shapes = {
  search: 'M7 2.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9zM10.400 10.400 14 14',
  copy: 'M5.500 5.500v-3h8v8h-3M2.500 5.500h8v8h-8z',
  check: 'm3 8.500 3.300 3.300L13 4.700',
  cross: 'm4 4 8 8m0-8-8 8',
  play: 'M5 3.200v9.600L12.800 8z',
  sun: 'M8 5.200a2.800 2.800 0 1 1 0 5.600 2.800 2.800 0 0 1 0-5.600zM8 1v1.600m0 10.800V15M1 8h1.600m10.800 0H15M3 3l1.200 1.200m7.600 7.600L13 13m0-10-1.200 1.200M4.200 11.800 3 13',
  moon: 'M13.300 9.800A5.800 5.800 0 0 1 6.200 2.700a5.700 5.700 0 1 0 7.100 7.100z',
  type: 'M2 12.500 5.200 4l3.200 8.500M3.100 9.700h4.200M10 12.500l2-5.300 2 5.300m-3.400-1.700h2.800',
  lock: 'M4 7.500h8v6H4zM5.500 7.500V5.200a2.500 2.500 0 0 1 5 0v2.300',
  unlock: 'M4 7.500h8v6H4zM5.500 7.500V5a2.500 2.500 0 0 1 4.800-1',
  right: 'm6 3.500 4.500 4.500L6 12.500',
  left: 'M10 3.500 5.500 8l4.500 4.500',
  down: 'M8 2.500v8M4.500 7.200 8 10.700l3.500-3.500M3 13.500h10',
  print: 'M4.500 5.500v-3h7v3M4.500 11h-2V5.500h11V11h-2M4.500 9h7v4.500h-7z',
  warn: 'M8 2.200 14.500 13.500h-13zM8 6.500v3.400m0 1.700v.2',
  clock: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zm0 2.700V8l2.300 1.700',
  keyboard: 'M1.500 4h13v8h-13zM4 6.500h.1m2.500 0h.1m2.500 0h.1m2.500 0h.1M4.800 9.500h6.400',
};

/// One of the pictures above, drawn in the text's colour; decoration, so hidden from screen readers.
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const attributes = {
    class: 'icon',
    viewBox: '0 0 16 16',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.6',
    'stroke-linecap': 'round',
    'stroke-linejoin': 'round',
    'aria-hidden': 'true',
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', shapes[name]);
  svg.append(path);
  return svg;
}

/// A short message in the corner; `bad` ones are red. They go after six seconds.
export function toast(text, bad = false) {
  const place = document.getElementById('toasts');
  const element = h('div.toast', { class: bad ? 'bad' : '' }, text);
  place.append(element);
  while (place.children.length > 3) place.firstChild.remove();
  setTimeout(() => element.remove(), 6000);
}

/// Runs `work` when `button` is pressed: the button rests meanwhile, and what goes wrong is said.
export function pressed(button, work) {
  button.addEventListener('click', async () => {
    if (button.getAttribute('aria-disabled') === 'true') return;
    button.setAttribute('aria-disabled', 'true');
    try {
      await work();
    } catch (error) {
      toast(error.message, true);
    } finally {
      button.removeAttribute('aria-disabled');
    }
  });
  return button;
}

/// What is shown in the place of something that could not be had.
export const trouble = (error) =>
  h('div.trouble', { role: 'alert' }, h('strong', null, error.title ?? 'That did not work'), error.detail ?? error.message);

/// A card: a heading, what stands beside it, and the body.
export function card(title, tools, ...body) {
  return h('section.card', null, h('header', null, h('h2', null, title), tools), h('div.body', null, body));
}
