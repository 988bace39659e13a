// SPDX-License-Identifier: GPL-2.0-or-later
// Drawing no more often than is of use, however many connections come.

/// A function that runs `act` at once, and when called again within `ms` once more when these are over. Not after `signal`.
export function paced(ms, signal, act) {
  let timer = null;
  let again = false;
  const run = () => {
    if (signal.aborted) return;
    again = false;
    timer = setTimeout(() => {
      timer = null;
      if (again) run();
    }, ms);
    act();
  };
  return () => {
    if (timer === null) run();
    else again = true;
  };
}
