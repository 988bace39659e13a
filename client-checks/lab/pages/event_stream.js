// SPDX-License-Identifier: GPL-2.0-or-later
// Server-sent events over fetch: EventSource could not carry the token, nor tell a full house (503) from a lost server.
import { authorization } from './api.js';

const kSilence = 40000; // ms; the server sends a comment every 15 s

/// Splits a stream of text into events (HTML standard, section 9.2.6): push(text) calls on_event({event, data, id}).
export function event_parser(on_event, on_retry = () => {}) {
  let rest = '';
  let event = { event: 'message', data: [], id: undefined };
  function line(text) {
    if (text === '') {
      if (event.data.length) on_event({ ...event, data: event.data.join('\n') });
      event = { event: 'message', data: [], id: undefined };
      return;
    }
    const colon = text.indexOf(':');
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event.event = value;
    else if (field === 'data') event.data.push(value);
    else if (field === 'id') event.id = value;
    else if (field === 'retry' && /^\d+$/.test(value)) on_retry(Number(value));
  }
  return {
    push(text) {
      const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop();
      lines.forEach(line);
    },
  };
}

/// Keeps a stream of events from `path` open until stop(): on_event(event), on_state('live' | 'lost', why).
/// After a loss it comes back by itself, with Last-Event-ID.
export class EventStream {
  constructor(path, on_event, on_state) {
    Object.assign(this, { path, on_event, on_state, last_id: undefined, retry: 1000, losses: 0, stopped: true });
  }

  start() {
    if (!this.stopped) return;
    this.stopped = false;
    this.run();
  }

  stop() {
    this.stopped = true;
    this.abort?.abort();
    clearTimeout(this.timer);
  }

  /// Opens it anew, at once: another token.
  restart() {
    this.stop();
    this.last_id = undefined;
    this.start();
  }

  async run() {
    const abort = new AbortController();
    this.abort = abort;
    try {
      await this.read(abort);
      throw new Error('the lab ended the stream');
    } catch (error) {
      if (abort !== this.abort || this.stopped) return;
      this.losses += 1;
      const wait = error.wait ?? Math.min(10000, this.retry * 2 ** Math.min(this.losses - 1, 4));
      this.on_state('lost', error.why);
      this.timer = setTimeout(() => {
        if (!this.stopped) this.run();
      }, wait);
    }
  }

  async read(abort) {
    const headers = { Accept: 'text/event-stream', ...authorization() };
    if (this.last_id !== undefined) headers['Last-Event-ID'] = this.last_id;
    const response = await fetch(this.path, { headers, signal: abort.signal, cache: 'no-store' });
    if (!response.ok || !response.body) throw await refusal(response);
    const watchdog = () => setTimeout(() => abort.abort(), kSilence);
    let silence = watchdog();
    this.losses = 0;
    this.on_state('live');
    const parser = event_parser(
      (event) => this.take(event),
      (retry) => {
        this.retry = retry;
      },
    );
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(silence);
        silence = watchdog();
        parser.push(value);
      }
    } finally {
      clearTimeout(silence);
    }
  }

  take(event) {
    if (event.id !== undefined) this.last_id = event.id;
    this.on_event(event);
  }
}

async function refusal(response) {
  const error = new Error(`HTTP ${response.status}`);
  const after = Number(response.headers.get('Retry-After'));
  if (after > 0) error.wait = Math.min(60, after) * 1000;
  if (response.status === 503) error.why = 'too many pages watch';
  if (response.status === 401 || response.status === 403) error.why = 'the token is not accepted';
  return error;
}
