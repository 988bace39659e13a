// SPDX-License-Identifier: GPL-2.0-or-later
// The server as it is broken, or with the fix: the switch, and the button that applies the fix and lets the same client try again.
import { fill, h, icon, pressed, toast } from './dom.js';
import { set_fixed } from './listeners.js';
import { may_change } from './session.js';

/// The switch of `state`'s scenario; `run_again()` starts the client that ran last, if one did.
export function server_switch(state, changes, signal, run_again) {
  const place = h('div.server-switch');
  if (!state.scenario.fix) return place;
  const turn = async (fixed) => {
    await set_fixed(state, fixed);
    changes.dispatchEvent(new Event('listener'));
    if (!(await run_again())) toast(fixed ? 'Fixed. Now let the same client try again.' : 'Broken again.');
  };
  const draw = () => {
    const fixed = Boolean(state.listener?.fixed);
    const allowed = may_change();
    const segment = (text, value, colour) =>
      pressed(
        h('button', { type: 'button', class: colour, 'aria-pressed': String(fixed === value), disabled: !allowed }, text),
        async () => {
          if (fixed !== value) await turn(value);
        },
      );
    const focused = place.contains(document.activeElement);
    fill(
      place,
      h('span.label', { id: 'server-is' }, 'The server is'),
      h(
        'div.segments',
        { role: 'group', 'aria-labelledby': 'server-is' },
        segment('Broken', false, 'bad'),
        segment('Fixed', true, 'good'),
      ),
      allowed &&
        !fixed &&
        pressed(h('button.button.fix', { type: 'button', id: 'apply-fix' }, icon('check'), 'Apply the fix'), () => turn(true)),
    );
    if (focused) place.querySelector('[aria-pressed="true"]').focus();
  };
  changes.addEventListener('listener', draw, { signal });
  draw();
  return place;
}
