// SPDX-License-Identifier: GPL-2.0-or-later
// Chromium and Firefox of the system, headless, and pages that remember what went wrong on them.
import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packages = fileURLToPath(new URL('../../.third-party/browser-tests/', import.meta.url));
const require = createRequire(join(packages, 'package.json'));

const programs = { chrome: ['chromium', 'chromium-browser', 'google-chrome'], firefox: ['firefox-esr', 'firefox'] };

function in_path(name) {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      /* the next */
    }
  }
  return null;
}

/// Why these tests cannot run here; null if they can.
export function what_is_missing() {
  if (Number(process.versions.node.split('.')[0]) < 18) return `Node.js ${process.versions.node} is too old: 18 is needed`;
  for (const name of ['puppeteer-core', 'axe-core']) {
    try {
      require.resolve(name);
    } catch {
      return `${name} is not here: scripts/get-browser-tests gets it`;
    }
  }
  if (!browsers().length) return 'neither Chromium nor Firefox is here: scripts/setup --browsers installs them';
  return null;
}

/// [{name, program}] of those that are here; ALERT40_BROWSERS ("chrome firefox") narrows them.
export function browsers() {
  const wanted = process.env.ALERT40_BROWSERS?.split(/[ ,]+/) ?? Object.keys(programs);
  return wanted.map((name) => ({ name, program: programs[name]?.map(in_path).find(Boolean) })).filter(({ program }) => program);
}

export async function launch({ name, program }) {
  const puppeteer = (await import(pathToFileURL(require.resolve('puppeteer-core')))).default;
  // Chromium refuses its sandbox to root; what it opens here is the lab alone.
  const args = name === 'chrome' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return puppeteer.launch({
    browser: name,
    executablePath: program,
    headless: true,
    args,
    timeout: 120000,
    protocolTimeout: 120000,
  });
}

export const axe_source = () => require.resolve('axe-core/axe.min.js');

/// A page in a context of its own (its storage is empty); `wrong` collects errors of the console and uncaught ones.
export async function open_page(browser, { width = 1280, height = 900, dark = false } = {}) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  await page.setViewport({ width, height });
  const wrong = [];
  page.on('console', (message) => {
    if (message.type() === 'error') wrong.push(`console: ${message.text()} ${message.location()?.url ?? ''}`);
  });
  page.on('pageerror', (error) => wrong.push(`uncaught: ${error.message}`));
  if (dark)
    await page.evaluateOnNewDocument(() => {
      localStorage.setItem('alert40.theme', 'dark');
    });
  return { page, wrong, close: () => context.close() };
}

/// Opens `path` of the lab and waits until it is drawn and the stream is live.
export async function visit(page, lab, path, { trainer = true } = {}) {
  await page.goto(`${lab.origin}${path}${trainer ? `#token=${lab.token}` : ''}`);
  await drawn(page);
}

export async function drawn(page) {
  await page.waitForSelector('main:not([aria-busy]) h1');
  await page.waitForSelector('.stream[data-state="live"]');
}

export const text_of = (page, selector) => page.$eval(selector, (element) => element.textContent);
