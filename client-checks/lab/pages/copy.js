// SPDX-License-Identifier: GPL-2.0-or-later
// Texts to paste elsewhere, with their button.
import { fill, h, icon, toast } from './dom.js';

/// Puts `text` on the clipboard. Browsers give navigator.clipboard only to loopback and https pages; in a room the lab is neither.
async function to_clipboard(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = h('textarea.unseen', { value: text, readonly: true, 'aria-hidden': 'true' });
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('the browser does not let this page copy: select the text and copy it yourself');
}

/// The button that copies `text`, which is `what` ("the curl command").
export function copy_button(text, what) {
  const button = h('button.button.quiet.copy', { type: 'button', 'aria-label': `Copy ${what}`, title: 'Copy' }, icon('copy'));
  button.addEventListener('click', async () => {
    try {
      await to_clipboard(text);
      fill(button, icon('check'));
      button.classList.add('done');
      toast('Copied');
      setTimeout(() => {
        fill(button, icon('copy'));
        button.classList.remove('done');
      }, 1600);
    } catch (error) {
      toast(error.message, true);
    }
  });
  return button;
}

/// A text in a box with its copy button.
export const command_box = (text, what = 'this text') =>
  h('div.command', null, h('pre', { tabindex: '0', 'aria-label': what }, text), copy_button(text, what));
