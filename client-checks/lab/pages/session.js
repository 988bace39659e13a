// SPDX-License-Identifier: GPL-2.0-or-later
// Who uses this page: the trainer (whose token comes in the address's fragment, once), a learner (who joined), or nobody.

const kKey = 'alert40.session';

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(kKey)) ?? {};
  } catch {
    return {};
  }
}

let current = kept();

function keep(session) {
  current = session;
  try {
    sessionStorage.setItem(kKey, JSON.stringify(session));
  } catch {
    /* then it lives as long as the page */
  }
  session_changes.dispatchEvent(new Event('change'));
}

/// Tells 'change'.
export const session_changes = new EventTarget();

/// Takes the token out of the address (it must not stay in the history, nor on the projector).
export function take_token_from_address() {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!token) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  keep({ role: 'trainer', token });
}

export const token = () => current.token;
export const is_trainer = () => current.role === 'trainer';
export const is_learner = () => current.role === 'learner';
export const learner_name = () => (is_learner() ? current.name : null);
export const may_change = () => Boolean(current.token);
export const become_learner = (name, learner_token) => keep({ role: 'learner', name, token: learner_token });
export const leave = () => keep({});
