// SPDX-License-Identifier: GPL-2.0-or-later
// Every page opens, wide and narrow, without an error on the console and without scrolling sideways.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, open_page, text_of, visit } from './browsers.mjs';
import { connect_once } from './lab.mjs';

export const kScenario = 'cipher/one-aead-only-tls12';

/// The paths of all pages, each with what its h1 holds.
export async function all_pages(lab) {
  const { curricula } = await lab.get('/api/curricula');
  return [
    ['/', /TLS handshake/],
    [`/scenario/${kScenario}`, /AEAD suite/],
    ['/connections', /Connections/],
    ['/causes/cipher-mismatch', /cipher suite/],
    ['/listeners', /Listeners/],
    ['/exercises', /Exercises/],
    ['/results', /Results/],
    ['/join', /Join/],
    ...curricula.map((each) => [`/curricula/${each.id}`, new RegExp(each.title)]),
  ];
}

export function page_tests(here) {
  for (const [what, size] of [
    ['on a laptop', {}],
    ['on a phone', { width: 360, height: 740 }],
  ]) {
    test(`every page opens ${what} without an error`, async () => {
      const { page, wrong, close } = await open_page(here.browser, size);
      for (const [path, title] of await all_pages(here.lab)) {
        await visit(page, here.lab, path);
        assert.match(await text_of(page, 'h1'), title, path);
        const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        assert.ok(excess <= 0, `${path} is ${excess} px too wide`);
      }
      assert.deepEqual(wrong, []);
      await close();
    });
  }

  test('the token leaves the address at once and is not shown', async () => {
    const { page, close } = await open_page(here.browser);
    await visit(page, here.lab, '/');
    assert.equal(await page.evaluate(() => location.href), `${here.lab.origin}/`);
    assert.ok(!(await page.content()).includes(here.lab.token));
    await page.reload();
    await drawn(page);
    assert.equal(await text_of(page, '.who'), 'Trainer');
    await close();
  });

  test('the search finds by an alert, and Enter opens the first hit', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await visit(page, here.lab, '/');
    await page.keyboard.press('/');
    await page.keyboard.type('certificate expired');
    await page.waitForSelector('.hits .scenario-line');
    const first = await page.$eval('.hits .scenario-line', (link) => new URL(link.href).pathname);
    await page.keyboard.press('Enter');
    await page.waitForFunction((path) => location.pathname === path, {}, first);
    await drawn(page);
    assert.deepEqual(wrong, []);
    await close();
  });

  test('what a client sends stays text', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    const all = (await here.lab.get('/api/listeners')).listeners.find((each) => each.name === 'all');
    await connect_once(all, { servername: undefined, ALPNProtocols: ['<img src=x onerror=alert(1)>'] });
    const newest = (await here.lab.get('/api/connections?limit=1')).connections[0];
    await visit(page, here.lab, `/connections/${newest.id}`);
    await page.waitForSelector('.ladder[data-end]');
    assert.equal(await page.$('main img'), null);
    for (const step of await page.$$('.step')) await step.click();
    await page.waitForFunction(() => document.querySelector('.step-details:not([hidden])').textContent.includes('<img src=x'));
    assert.equal(await page.$('main img'), null);
    assert.deepEqual(wrong, []);
    await close();
  });

  test('an unknown scenario and an unknown page say so', async () => {
    const { page, close } = await open_page(here.browser);
    await visit(page, here.lab, '/scenario/cipher/no-such-thing');
    assert.ok(await page.$('.trouble'));
    await close();
  });
}
