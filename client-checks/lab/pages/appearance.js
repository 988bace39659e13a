// SPDX-License-Identifier: GPL-2.0-or-later
// The choice of light or dark and of type size, put on <html> before the first paint. A classic script, so that it blocks.
(function () {
  'use strict';
  const root = document.documentElement;
  const keep = (name, value) => {
    try {
      localStorage.setItem('alert40.' + name, value);
    } catch {
      /* private mode */
    }
  };
  const kept = (name) => {
    try {
      return localStorage.getItem('alert40.' + name);
    } catch {
      return null;
    }
  };
  const dark = window.matchMedia('(prefers-color-scheme: dark)');

  const appearance = {
    /// 'light' or 'dark': what is shown now.
    theme: () => root.dataset.theme,
    /// 'normal' or 'large'.
    type: () => root.dataset.type,
    setTheme(name) {
      root.dataset.theme = name;
      keep('theme', name);
    },
    setType(name) {
      root.dataset.type = name;
      keep('type', name);
    },
  };
  root.dataset.theme = kept('theme') || (dark.matches ? 'dark' : 'light');
  root.dataset.type = kept('type') || 'normal';
  dark.addEventListener('change', () => {
    if (!kept('theme')) root.dataset.theme = dark.matches ? 'dark' : 'light';
  });
  window.appearance = appearance;
})();
