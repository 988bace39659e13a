// SPDX-License-Identifier: GPL-2.0-or-later
// The last of all: the lab goes away under an open page.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open_page, text_of, visit } from './browsers.mjs';

export function end_tests(here) {
  test(
    'a page says that it is disconnected, and what it shows stays',
    { skip: Boolean(process.env.ALERT40_LAB_URL) },
    async () => {
      const { page, close } = await open_page(here.browser);
      await visit(page, here.lab, '/');
      assert.equal(await page.$eval('#notice', (notice) => notice.hidden), true);
      await here.lab.stop();
      await page.waitForSelector('.stream[data-state="lost"]');
      assert.match(await text_of(page, '#notice'), /Disconnected from the lab/);
      assert.ok((await page.$$('.scenario-line')).length > 50);
      await close();
    },
  );
}
