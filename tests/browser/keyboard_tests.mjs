// SPDX-License-Identifier: GPL-2.0-or-later
// From the catalogue to an opened step of a red ladder without a mouse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, open_page, visit } from './browsers.mjs';
import { kScenario } from './page_tests.mjs';

const focused = (page) =>
  page.evaluate(() => {
    const element = document.activeElement;
    return { id: element.id, classes: element.className, name: element.tagName, outline: getComputedStyle(element).outlineStyle };
  });

/// Presses Tab until `fits`; every stop must show its focus.
async function tab_to(page, fits) {
  for (let stops = 0; stops < 80; stops += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    assert.notEqual(now.outline, 'none', `the focus does not show on ${now.name} ${now.id} ${now.classes}`);
    if (fits(now)) return;
  }
  assert.fail('the Tab key does not lead there');
}

export function keyboard_tests(here) {
  test('the keyboard is enough', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await visit(page, here.lab, '/');
    await page.keyboard.press('/');
    await page.keyboard.type(kScenario);
    await page.waitForSelector('.hits');
    await page.keyboard.press('ArrowDown');
    assert.match((await focused(page)).classes, /scenario-line/);
    await page.keyboard.press('Enter');
    await page.waitForFunction((path) => location.pathname === path, {}, `/scenario/${kScenario}`);
    await drawn(page);
    assert.equal((await focused(page)).name, 'H1');

    await page.select('#client', 'openssl');
    await tab_to(page, ({ id }) => id === 'run-here');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.ladder[data-end]', { timeout: 60000 });
    await tab_to(page, ({ classes }) => classes === 'step');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.step-details:not([hidden])');
    assert.equal(
      await page.$eval('.step-details:not([hidden])', (details) => details.parentElement.previousElementSibling !== null),
      true,
    );
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    assert.deepEqual(wrong, []);
    await close();
  });
}
