// SPDX-License-Identifier: GPL-2.0-or-later
// Says new connections to screen readers: one sentence a second at most, with how many it speaks for.
import { h } from './dom.js';
import { store } from './store.js';
import { count } from './words.js';

const kBetween = 1000; // ms
const kKept = 20;

export function announce_connections(region) {
  let ended = [];
  let timer = null;
  const say = () => {
    timer = null;
    const last = ended.at(-1);
    const more = ended.length > 1 ? `${count(ended.length, 'connection')} ended. The last: ` : '';
    region.append(h('p', null, `${more}connection ${last.id}, ${last.scenario ?? last.listener}: ${last.ended}`));
    while (region.children.length > kKept) region.firstChild.remove();
    ended = [];
  };
  store.on('ended', new AbortController().signal, (connection) => {
    ended.push(connection);
    timer ??= setTimeout(say, ended.length > 1 ? kBetween : 100);
  });
}
