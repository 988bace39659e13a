// SPDX-License-Identifier: GPL-2.0-or-later
// axe-core finds nothing serious on any page, in light and dark, with a ladder open.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { axe_source, open_page, visit } from './browsers.mjs';
import { all_pages } from './page_tests.mjs';

async function serious(page) {
  await page.evaluate(readFileSync(axe_source(), 'utf8'));
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${id}: ${nodes
          .slice(0, 4)
          .map((node) => `${node.target.join(' ')} (${node.failureSummary.split('\n').slice(1).join(' ').trim()})`)
          .join('; ')}`,
    );
}

export function axe_tests(here) {
  for (const dark of [false, true]) {
    test(`axe-core finds nothing serious, ${dark ? 'dark' : 'light'}`, async () => {
      const { page, close } = await open_page(here.browser, { dark });
      const found = [];
      for (const [path] of await all_pages(here.lab)) {
        await visit(page, here.lab, path);
        if (path === '/connections') await open_a_step(page);
        for (const each of await serious(page)) found.push(`${path}: ${each}`);
      }
      assert.deepEqual(found, []);
      await close();
    });
  }
}

async function open_a_step(page) {
  await page.waitForSelector('.ladder[data-end]');
  await page.click('.step');
  await page.waitForSelector('.step-details:not([hidden]) .fields');
}
