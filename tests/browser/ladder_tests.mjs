// SPDX-License-Identifier: GPL-2.0-or-later
// A real client runs into a scenario: its ladder appears, red; with the fix the same client connects.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { open_page, text_of, visit } from './browsers.mjs';
import { connect_once } from './lab.mjs';
import { kScenario } from './page_tests.mjs';

const kSoon = 1000; // ms from a handshake's end to its ladder's; 100 ms on an idle machine

export function ladder_tests(here) {
  test('the ladder of a handshake appears as it happens, its alert red', async (context) => {
    const { page, wrong, close } = await open_page(here.browser);
    const listener = await here.lab.post('/api/listeners', { scenario: kScenario, name: 'browser-test' });
    await visit(page, here.lab, `/scenario/${kScenario}`);
    await page.evaluate(() => {
      new MutationObserver(() => {
        if (document.querySelector('.ladder[data-end="red"]')) window.seen_at ??= performance.timeOrigin + performance.now();
      }).observe(document.body, { subtree: true, childList: true, attributes: true });
    });
    const { at, error } = await connect_once(listener, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' });
    assert.match(String(error), /handshake failure/);
    await page.waitForSelector('.ladder[data-end="red"]');
    const late = (await page.evaluate(() => window.seen_at)) - at;
    context.diagnostic(`on the page ${late.toFixed(0)} ms after the client's end`);
    assert.ok(late < kSoon, `${late} ms`);

    const steps = await page.$$eval('.step', (all) =>
      all.map((each) => `${each.dataset.from} ${each.querySelector('strong').textContent}`),
    );
    assert.match(steps[0], /^client ClientHello/);
    assert.ok(
      steps.some((step) => step === 'server Alert: handshake_failure (40)'),
      steps.join('; '),
    );
    assert.ok(await page.$('.step[data-colour="red"][data-from="server"]'));
    await page.waitForSelector('.offer-row.nothing');
    assert.match(await text_of(page, '.offer-row.nothing'), /Cipher suites.*Nothing in common/s);
    await page.waitForSelector('.finding');
    assert.deepEqual(wrong, []);
    await here.lab.remove('/api/listeners/browser-test');
    await close();
  });

  test('a step opens: decoded fields, and its bytes on demand', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await visit(page, here.lab, '/connections');
    await page.waitForSelector('.step');
    await page.click('.step');
    await page.waitForSelector('.step-details:not([hidden]) .fields');
    const show = await page.waitForSelector('.step-details:not([hidden]) button');
    await show.click();
    await page.waitForSelector('.hex');
    assert.match(await text_of(page, '.hex'), /^0000 {2}16 03/);
    assert.deepEqual(wrong, []);
    await close();
  });

  test('a client run from the page fails, and connects once the fix is applied', async () => {
    await here.lab.post('/api/reset');
    const { page, wrong, close } = await open_page(here.browser);
    await visit(page, here.lab, `/scenario/${kScenario}`);
    await page.select('#client', 'openssl');
    await page.click('#run-here');
    await page.waitForSelector('.run.bad', { timeout: 60000 });
    await page.waitForSelector('.ladder[data-end="red"]');
    await page.click('#apply-fix');
    await page.waitForSelector('.run.good', { timeout: 60000 });
    await page.waitForSelector('.ladder[data-end="green"]');
    assert.equal(await text_of(page, '.server-switch [aria-pressed="true"]'), 'Fixed');
    assert.equal(await page.$('.offer-row.nothing'), null);
    assert.deepEqual(wrong, []);
    await close();
  });

  test('a connection has an address of its own', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    const { connections } = await here.lab.get('/api/connections');
    const failed = connections.find((each) => each.failed);
    await visit(page, here.lab, `/connections/${failed.id}`);
    await page.waitForSelector('.ladder[data-end="red"]');
    await page.waitForSelector('.connection[aria-current]');
    assert.match(await text_of(page, '.ladder-end'), /Failed/);
    assert.deepEqual(wrong, []);
    await close();
  });

  test('a page that follows shows each new connection, and says the number', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    const { listeners } = await here.lab.get('/api/listeners');
    await visit(page, here.lab, '/connections');
    await page.waitForSelector('.connection');
    const before = await page.$eval('.connection', (row) => Number(row.dataset.id));
    for (let index = 0; index < 3; index += 1) await connect_once(listeners.find((each) => each.name === 'all'));
    await page.waitForFunction(
      (id) => Number(document.querySelector('.connection[aria-current]')?.dataset.id) >= id + 3,
      {},
      before,
    );
    await page.waitForFunction(() => document.getElementById('live').textContent.includes('connection'));
    assert.deepEqual(wrong, []);
    await close();
  });
}
