// SPDX-License-Identifier: GPL-2.0-or-later
// The lab's pages in real browsers, against the real program:
//
//     ALERT40_CHECK=build/release/client-checks/alert40-check node tests/browser/main.mjs
//
// Exit status 77 where a browser or a package is missing. ALERT40_BROWSERS="chrome" takes one browser only.
import { after, before, describe } from 'node:test';
import { browsers, launch, what_is_missing } from './browsers.mjs';
import { start_lab } from './lab.mjs';
import { axe_tests } from './axe_tests.mjs';
import { end_tests } from './end_tests.mjs';
import { exercise_tests } from './exercise_tests.mjs';
import { keyboard_tests } from './keyboard_tests.mjs';
import { ladder_tests } from './ladder_tests.mjs';
import { listener_tests } from './listener_tests.mjs';
import { page_tests } from './page_tests.mjs';
import { part_tests } from './part_tests.mjs';

const missing = what_is_missing();
if (missing) {
  console.log(`skipped: ${missing}`);
  process.exit(77);
}
if (!process.env.ALERT40_CHECK && !process.env.ALERT40_LAB_URL) {
  console.error('tests/browser: set ALERT40_CHECK to the program alert40-check');
  process.exit(2);
}

part_tests();
for (const each of browsers()) {
  describe(`in ${each.name}`, { timeout: 480000 }, () => {
    const here = {}; // {lab, browser}, for the tests below
    before(async () => {
      here.lab = await start_lab();
      here.browser = await launch(each);
    });
    after(async () => {
      await here.browser?.close();
      await here.lab?.stop();
    });
    page_tests(here);
    ladder_tests(here);
    keyboard_tests(here);
    exercise_tests(here);
    listener_tests(here);
    if (each.name === 'chrome' || browsers().length === 1) axe_tests(here); // it reads the document, which is the same in both
    end_tests(here);
  });
}
