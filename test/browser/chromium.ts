import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Debian's Chromium, or `CHROMIUM_PATH`; null where there is none. */
const chromiumPath = (): string | null =>
  process.env['CHROMIUM_PATH'] ?? PLACES.find((place) => existsSync(place)) ?? null;

/**
 * True where the browser tests cannot run. In CI they must: .ci/run installs the browser, and its absence is a failure.
 */
export function isWithoutBrowser(): boolean {
  const isMissing = chromiumPath() === null;
  if (isMissing && process.env['CI'] === 'true') throw new Error('CI=true and no Chromium: .ci/run installs it');
  return isMissing;
}

export function launch(): Promise<Browser> {
  const executablePath = chromiumPath();
  if (executablePath === null) throw new Error('no Chromium: apt-get install chromium, or set CHROMIUM_PATH');
  // As root, as in a container, Chromium wants no sandbox of its own.
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
}

/** A page of its own context, which waits as long as a busy machine may take. */
export async function newPage(browser: Browser, options: BrowserContextOptions): Promise<Page> {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(120_000);
  return context.newPage();
}
