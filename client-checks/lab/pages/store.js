// SPDX-License-Identifier: GPL-2.0-or-later
// What the event stream has told, bounded: the newest connections, the listeners. Views listen to it: 'connection' (CONNECTION),
// 'step' ({connection, ...STEP}), 'ended' (CONNECTION), 'listener' (LISTENER or {name, deleted}), 'run', 'dropped', 'reloaded'.
import { get } from './api.js';
import { EventStream } from './event_stream.js';

const kMostConnections = 500;
const kAsleep = 60000; // ms that a page is hidden before it stops watching

class Store extends EventTarget {
  constructor() {
    super();
    this.connections = new Map(); // by id, oldest first
    this.listeners = new Map(); // by name
    this.dropped = 0;
    this.watched = new Map(); // connection id -> how many views show its steps
    this.state = 'connecting';
    this.why = undefined;
    this.stream = new EventStream(
      '/api/events',
      (event) => this.take(event),
      (state, why) => this.turn(state, why),
    );
  }

  start() {
    this.stream.start();
    // A browser opens six connections to one server, and each page holds one: those that nobody looks at let go of theirs.
    let timer = 0;
    document.addEventListener('visibilitychange', () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => this.stream.stop(), kAsleep);
      else this.stream.start();
    });
    // A page that was left may be kept for the way back, and its stream with it.
    window.addEventListener('pagehide', () => this.stream.stop());
    window.addEventListener('pageshow', ({ persisted }) => persisted && this.stream.start());
  }

  /// Begins anew as somebody else.
  restart() {
    this.stream.restart();
  }

  /// While `signal` lives, the steps of connection `id` are told.
  watch(id, signal) {
    this.watched.set(id, (this.watched.get(id) ?? 0) + 1);
    signal.addEventListener('abort', () => {
      const left = this.watched.get(id) - 1;
      if (left > 0) this.watched.set(id, left);
      else this.watched.delete(id);
    });
  }

  /// Listens while `signal` lives.
  on(name, signal, act) {
    this.addEventListener(name, (event) => act(event.detail), { signal });
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  turn(state, why) {
    this.state = state;
    this.why = why;
    this.tell('state', state);
    if (state === 'live') this.reload();
  }

  /// The truth of the API, after a start or a loss.
  async reload() {
    try {
      const { connections, dropped } = await get('/api/connections?limit=200');
      this.dropped = dropped ?? 0;
      if (connections.some((each) => this.is_another(each))) this.connections.clear(); // the lab was started anew
      connections.forEach((each) => this.keep(each));
      this.connections = new Map([...this.connections].sort(([a], [b]) => a - b)); // newer ones may have come by the stream
      this.tell('reloaded');
      const { listeners } = await get('/api/listeners');
      this.listeners = new Map(listeners.map((each) => [each.name, each]));
    } catch (error) {
      this.tell('failed', error);
    }
  }

  /// How many there have been: they are numbered from 1.
  total() {
    return Math.max(0, ...[...this.connections.keys()].slice(-1));
  }

  /// Is `connection` another one than that which has its number here?
  is_another(connection) {
    const known = this.connections.get(connection.id);
    return known && known.started !== connection.started;
  }

  keep(connection) {
    const known = this.connections.get(connection.id);
    if (known?.state === 'ended' && connection.state === 'open') return; // an older answer
    this.connections.set(connection.id, { ...known, ...connection });
    if (this.connections.size > kMostConnections) this.connections.delete(this.connections.keys().next().value);
  }

  take({ event, data }) {
    // Steps of connections that nobody looks at are not even parsed: there may be thousands a second.
    if (event === 'step') {
      const id = Number(/"connection":(\d+)/.exec(data)?.[1]);
      if (this.watched.has(id)) this.tell('step', JSON.parse(data));
      return;
    }
    const value = JSON.parse(data);
    if (event === 'opened' || event === 'ended') {
      this.keep(value);
      this.tell('connection', value);
      if (event === 'ended') this.tell('ended', value);
    } else if (event === 'listener') {
      if (value.deleted) this.listeners.delete(value.name);
      else this.listeners.set(value.name, value);
      this.tell('listener', value);
    } else if (event === 'dropped') {
      this.dropped = value.connections;
      this.tell('dropped', value.connections);
    } else {
      this.tell(event, value);
    }
  }
}

export const store = new Store();
