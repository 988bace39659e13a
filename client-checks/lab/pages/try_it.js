// SPDX-License-Identifier: GPL-2.0-or-later
// How to run into a scenario: each client's command to paste, or the client run on the lab's machine.
import { get, scenario_api } from './api.js';
import { command_box } from './copy.js';
import { card, fill, h, icon, pressed, toast, trouble } from './dom.js';
import { field_list } from './fields.js';
import { own_listener } from './listeners.js';
import { run_client } from './runs.js';
import { may_change } from './session.js';
import { sentence } from './words.js';

const kKept = 'alert40.client';

/// The card, and run_again(): starts the client that ran last (or, with none, says so by giving false). `show(connection id)` is
/// called with the connection of a run.
export function try_it_card(state, changes, signal, show) {
  const usable = state.clients.filter((client) => client.here);
  const absent = state.clients.filter((client) => !client.here);
  const select = h(
    'select',
    { id: 'client' },
    usable.map((client) => h('option', { value: client.name }, title_of(client))),
    absent.length > 0 &&
      h(
        'optgroup',
        { label: 'Not on this machine' },
        absent.map((client) => h('option', { value: client.name, title: client.why_not }, title_of(client))),
      ),
  );
  select.value = preferred(usable);
  const command = h('div');
  const outcome = h('div.outcome', { 'aria-live': 'polite' });
  const button = h('button.button.primary', { type: 'button', id: 'run-here' }, icon('play'), 'Run here');

  const browser_link = h('p.small.soft');
  const draw_command = async () => {
    fill(browser_link, in_browser(state));
    const wanted = select.value;
    try {
      const listener = state.listener ? `?listener=${encodeURIComponent(state.listener.name)}` : '';
      const { commands } = await get(scenario_api(state.id, 'commands') + listener, signal);
      if (wanted !== select.value) return;
      const found = commands.find((each) => each.client === wanted);
      const text = is_here() ? found?.shell : found?.elsewhere || found?.shell;
      fill(
        command,
        text
          ? [
              command_box(text, `the ${wanted} command`),
              found.needs && h('p.small.soft', { id: 'needs' }, sentence(found.needs)),
              !is_here() && elsewhere_hint(found),
            ]
          : h(
              'p.soft.small',
              null,
              found?.why_not || 'There is no command for this client: it has no option for what the scenario asks of it.',
            ),
      );
    } catch (error) {
      if (error.name !== 'AbortError') fill(command, trouble(error));
    }
  };
  const run = async (client) => {
    const listener = await own_listener(state);
    changes.dispatchEvent(new Event('listener'));
    state.last_client = client;
    await run_client(client, listener.name, outcome, signal, show);
  };
  pressed(button, async () => run(select.value));
  select.addEventListener('change', () => {
    try {
      localStorage.setItem(kKept, select.value);
    } catch {
      /* private mode */
    }
    const chosen = state.clients.find((client) => client.name === select.value);
    button.disabled = !chosen?.here;
    draw_command();
  });
  changes.addEventListener('listener', draw_command, { signal });
  draw_command();

  const body = h(
    'div.stack',
    null,
    h('div.field', null, h('label', { for: 'client' }, 'Client'), h('div.row', null, select, may_change() && button)),
    command,
    outcome,
    !may_change() &&
      h(
        'p.soft.small',
        null,
        'Running clients from this page and applying the fix need the trainer\u2019s link, or ',
        h('a', { href: '/join' }, 'a name'),
        '. Pasting works for everybody.',
      ),
    asked_of(state.scenario.client),
    browser_link,
  );
  return {
    element: card('Try it', null, body),
    run_again: async () => {
      if (!state.last_client) return false;
      run(state.last_client).catch((error) => toast(error.message, true));
      return true;
    },
  };
}

/// The scenario's address for this browser: its own port, or its name on the common one.
function in_browser(state) {
  const url =
    state.listener?.url ??
    (state.common && state.scenario.server_name && `https://${state.scenario.server_name}:${state.common.port}/`);
  return (
    url && [
      'In this browser: ',
      h('a', { href: url, target: '_blank', rel: 'noreferrer' }, url),
      ' (trust ',
      h('a', { href: '/root.pem', download: 'alert40-root.pem' }, 'the root'),
      ' first)',
    ]
  );
}

/// What the scenario wants of its client, where it wants something.
const asked_of = (wishes) =>
  Object.keys(wishes ?? {}).length > 0 &&
  h('details', null, h('summary.small', null, 'What it asks of the client'), h('div.asked', null, field_list(wishes)));

/// Is this browser on the lab's machine?
const is_here = () => /^(localhost|127\.|\[::1\]|.*\.localhost$)/.test(location.hostname);

const elsewhere_hint = (found) =>
  h(
    'p.small.soft',
    null,
    found.elsewhere
      ? ['Beside a copy of ', h('a', { href: '/root.pem', download: 'root.pem' }, 'root.pem'), '.']
      : 'It needs files of the lab\u2019s machine: run it there.',
  );

const title_of = (client) =>
  client.version ? `${client.title ?? client.name} ${client.version}` : (client.title ?? client.name);

function preferred(usable) {
  let kept = null;
  try {
    kept = localStorage.getItem(kKept);
  } catch {
    /* private mode */
  }
  const has = (name) => usable.some((client) => client.name === name);
  return has(kept) ? kept : has('curl') ? 'curl' : has('openssl') ? 'openssl' : usable[0]?.name;
}
