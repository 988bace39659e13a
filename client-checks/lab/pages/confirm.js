// SPDX-License-Identifier: GPL-2.0-or-later
// A question before something that cannot be undone.
import { h } from './dom.js';

/// Asks `title`, with `text` (what it means) below; true where `action` (the button's words) was chosen. The focus begins on Cancel, stays
/// in the dialog, and goes back to where it was; Esc cancels.
export function confirmed(title, text, action) {
  const dialog = h(
    'dialog.box',
    { 'aria-labelledby': 'confirm-title', 'aria-describedby': 'confirm-text' },
    h('h2', { id: 'confirm-title' }, title),
    h('p', { id: 'confirm-text' }, text),
    h(
      'form.row',
      { method: 'dialog' },
      h('button.button', { value: '', autofocus: true }, 'Cancel'),
      h('button.button.danger', { value: 'yes' }, action),
    ),
  );
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve(dialog.returnValue === 'yes');
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
