// SPDX-License-Identifier: GPL-2.0-or-later
// The start: takes the token, draws the bar, opens the stream, shows the page that the address names.
import { draw_bar } from './bar.js';
import { listen_to_keys } from './keys.js';
import { announce_connections } from './live_region.js';
import { start_router } from './router.js';
import { session_changes, take_token_from_address } from './session.js';
import { store } from './store.js';

take_token_from_address();
window.addEventListener('hashchange', take_token_from_address);
draw_bar(document.getElementById('bar'), document.getElementById('notice'));
announce_connections(document.getElementById('live'));
listen_to_keys();
start_router(document.getElementById('main'));
store.start();
session_changes.addEventListener('change', () => store.restart());
