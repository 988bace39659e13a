// SPDX-License-Identifier: GPL-2.0-or-later
// A client run on the lab's machine, and what it says.
import { api, get, post } from './api.js';
import { fill, h, icon } from './dom.js';
import { store } from './store.js';

const kAskAgain = 1500; // ms, should the event of its end be lost

/// Runs `client` against `listener`; how it goes is shown in `place`; show(connection id) when the run has made a connection.
/// Done when the client has ended.
export async function run_client(client, listener, place, signal, show) {
  fill(place, h('p.running', null, h('span.spinner', { 'aria-hidden': 'true' }), `${client} runs`));
  try {
    const { id } = await post('/api/runs', { client, listener });
    const run = await ended(id, signal);
    fill(place, said(run));
    const made = run.connections ?? [];
    if (made.length) show(made[made.length - 1]);
  } catch (error) {
    fill(place);
    throw error;
  }
}

/// The run when it has ended.
function ended(id, signal) {
  return new Promise((resolve, reject) => {
    const over = new AbortController();
    const stop = (act, value) => {
      over.abort();
      clearInterval(timer);
      act(value);
    };
    const ask = async () => {
      try {
        const run = await get(api('runs', id), signal);
        if (run.state === 'ended') stop(resolve, run);
      } catch (error) {
        stop(reject, error);
      }
    };
    const timer = setInterval(ask, kAskAgain);
    store.on('run', over.signal, (run) => {
      if (run.id === id && run.state === 'ended') ask();
    });
    signal.addEventListener('abort', () => stop(reject, new DOMException('', 'AbortError')), { once: true });
    ask();
  });
}

function said(run) {
  if (run.why_not) return h('p.soft', null, `${run.client} was not run: ${run.why_not}`);
  const good = run.symptom === 'connected';
  const output = [run.stdout, run.stderr]
    .filter((text) => text?.trim())
    .join('\n')
    .trim();
  return h(
    'div.run',
    { class: good ? 'good' : 'bad' },
    h(
      'p',
      null,
      icon(good ? 'check' : 'cross'),
      h('strong', null, ` ${run.client} ${good ? 'connected' : 'failed'}`),
      run.timed_out
        ? ' \u00b7 ended by its deadline'
        : run.signal
          ? ` \u00b7 signal ${run.signal}`
          : ` \u00b7 exit status ${run.exit_code}`,
      run.symptom && !good && [' \u00b7 ', h('code', null, run.symptom)],
    ),
    run.by_time &&
      h(
        'p.small.soft',
        null,
        'Its connections were told by the time alone, because the client was gone before its process could be asked: another client of the same moment would be counted in.',
      ),
    run.says && !good && h('blockquote.says', null, run.says),
    output && h('details', null, h('summary.small', null, 'All it wrote'), h('pre.output', { tabindex: '0' }, output)),
  );
}
