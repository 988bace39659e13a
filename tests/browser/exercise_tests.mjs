// SPDX-License-Identifier: GPL-2.0-or-later
// A learner joins, asks for evidence, answers wrongly and then rightly; the trainer sees the result.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawn, open_page, text_of, visit } from './browsers.mjs';

export function exercise_tests(here) {
  test('an exercise from joining to the score', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    const name = `Ada ${Date.now() % 100000}`;
    await visit(page, here.lab, '/join', { trainer: false });
    await page.type('#name', name);
    await page.keyboard.press('Enter');
    await page.waitForSelector('#start-exercise');
    await page.select('#family', 'cipher');
    await page.click('#start-exercise');
    await page.waitForSelector('#answer', { timeout: 60000 });
    await drawn(page);
    assert.ok((await text_of(page, '.ticket')).length > 40);
    await page.click('[data-kind="server-configuration"]'); // behind it no two causes count as one
    await page.waitForSelector('.piece');

    const exercise = (await page.evaluate(() => location.pathname)).split('/').pop();
    const truth = await hidden_truth(here.lab, exercise);
    await choose(page, 'cause', (value) => value !== truth);
    await choose(page, 'fix', () => true);
    await page.click('#answer');
    await page.waitForSelector('.trouble');
    await choose(page, 'cause', (value) => value === truth);
    await page.click('#answer');
    await page.waitForFunction(() => document.querySelector('h1').textContent === 'Solved');
    await page.waitForSelector('.trail');
    assert.deepEqual(wrong, []);
    await close();

    const trainer = await open_page(here.browser);
    await visit(trainer.page, here.lab, '/results');
    assert.match(await text_of(trainer.page, 'table'), new RegExp(name));
    assert.deepEqual(trainer.wrong, []);
    await trainer.close();
  });

  test('a name that is taken is refused with words', async () => {
    const { page, close } = await open_page(here.browser);
    await here.lab.post('/api/learners', { name: 'Taken' });
    await visit(page, here.lab, '/join', { trainer: false });
    await page.type('#name', 'Taken');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.trouble');
    await close();
  });

  test('nobody is offered what only a token allows', async () => {
    const { page, wrong, close } = await open_page(here.browser);
    await visit(page, here.lab, '/scenario/cipher/one-aead-only-tls12', { trainer: false });
    assert.equal(await page.$('#run-here'), null);
    assert.equal(await page.$('#apply-fix'), null);
    assert.deepEqual(wrong, []);
    await close();
  });
}

/// The cause that only the trainer's results tell.
async function hidden_truth(lab, exercise) {
  const { results } = await lab.get('/api/results');
  return results.find((each) => String(each.exercise) === exercise).cause;
}

/// Chooses the first radio button of `group` whose value fits.
async function choose(page, group, fits) {
  for (const input of await page.$$(`input[name="${group}"]`)) {
    if (fits(await input.evaluate((element) => element.value))) {
      await input.evaluate((element) => element.click());
      return;
    }
  }
  assert.fail(`no ${group} fits`);
}
