// SPDX-License-Identifier: GPL-2.0-or-later
// Listeners are deleted and reset by the trainer, asked first, without a mouse; nobody else has the controls.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, open_page, text_of, visit } from './browsers.mjs';

const named = (name) => `[data-delete="${name}"]`;
const focused = (page) => page.evaluate(() => document.activeElement.textContent);
const names = async (lab) => (await lab.get('/api/listeners')).listeners.map((each) => each.name);

async function ask(page, selector) {
  await page.focus(selector);
  await page.keyboard.press('Enter');
  await page.waitForSelector('dialog[open]');
  assert.equal(await focused(page), 'Cancel');
}

export function listener_tests(here) {
  test('the trainer deletes a listener, asked first, by keyboard', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await here.lab.post('/api/listeners', { scenario: 'cipher/rc4-only-tls12', name: 'to-go' });
    await here.lab.post('/api/listeners', { scenario: 'cipher/rc4-only-tls12', name: 'to-stay' });
    await visit(page, here.lab, '/');
    await page.click('.nav a[href="/listeners"]');
    await page.waitForSelector(named('to-go'));

    await ask(page, named('to-go'));
    assert.match(await text_of(page, 'dialog h2'), /to-go/);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    assert.equal(await page.evaluate(() => document.activeElement.dataset.delete), 'to-go');
    assert.ok((await names(here.lab)).includes('to-go'));

    await ask(page, named('to-go'));
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), 'Delete');
    await page.keyboard.press('Enter');
    await page.waitForFunction((gone) => !document.querySelector(gone), {}, named('to-go'));
    const left = await names(here.lab);
    assert.ok(!left.includes('to-go') && left.includes('to-stay'));
    assert.deepEqual(wrong, []);
    await close();
  });

  test('the trainer resets the listeners, asked first, by keyboard', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await here.lab.post('/api/listeners', { scenario: 'cipher/null-only-tls12', name: 'of-today' });
    await visit(page, here.lab, '/listeners');
    await ask(page, '#reset');
    await page.keyboard.press('Enter'); // Cancel
    await page.waitForFunction(() => !document.querySelector('dialog'));
    assert.ok((await names(here.lab)).includes('of-today'));
    await ask(page, '#reset');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForFunction((gone) => !document.querySelector(gone), {}, named('of-today'));
    assert.deepEqual(await names(here.lab), ['all']);
    assert.ok(await page.$(named('all')));
    assert.deepEqual(wrong, []);
    await close();
  });

  test('a learner sees the listeners, and no control over them', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await visit(page, here.lab, '/join', { trainer: false });
    await page.type('#name', `Lister ${Date.now() % 100000}`);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#start-exercise');
    assert.equal(await page.$eval('.nav a[href="/listeners"]', (link) => link.hidden), true);
    await page.goto(`${here.lab.origin}/listeners`);
    await drawn(page);
    assert.match(await text_of(page, 'tbody'), /every scenario/);
    assert.equal(await page.$('#reset'), null);
    assert.equal(await page.$('[data-delete]'), null);
    assert.deepEqual(wrong, []);
    await close();
  });
}
