// SPDX-License-Identifier: GPL-2.0-or-later
// The port that a scenario is served on, for whoever looks at the page.
import { api, patch, post } from './api.js';
import { is_learner, is_trainer, learner_name } from './session.js';

/// May this page's user change `listener`? A learner may change what is his.
export const may_change_listener = (listener) => is_trainer() || (is_learner() && listener.owner === learner_name());

/// The listener of scenario `id` to show: a learner's own first, else one that is nobody's, else any; null where it is on the common
/// port only.
export function find_listener(listeners, id) {
  const fits = listeners.filter((each) => each.scenario === id);
  return (
    fits.find((each) => is_learner() && each.owner === learner_name()) ?? fits.find((each) => !each.owner) ?? fits[0] ?? null
  );
}

/// A listener of the state's scenario that this user may change; made where there is none.
export async function own_listener(state) {
  if (state.listener && may_change_listener(state.listener)) return state.listener;
  state.listener = await post('/api/listeners', { scenario: state.id });
  return state.listener;
}

/// Serves the scenario broken or fixed, on the same port.
export async function set_fixed(state, fixed) {
  const listener = await own_listener(state);
  state.listener = await patch(api('listeners', listener.name), { fixed });
  return state.listener;
}
