import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isWithoutBrowser, launch } from './chromium.ts';
import { badMorning, correctInErp, MISSING } from './morning.ts';
import { serveConsole } from './serve.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/operating/images');

/** `npm run screenshots`: the pictures of docs/operating/, made anew. On every other run it is skipped. */
it.skipIf(process.env['SCREENSHOTS'] !== '1' || isWithoutBrowser())(
  'takes the pictures of docs/operating',
  async () => {
    await mkdir(FOLDER, { recursive: true });
    const world = await badMorning(4);
    for (let minute = 0; minute < 40; minute += 1) {
      for (let n = 0; n <= (minute * 7) % 11; n += 1) world.engine.pulse.count(800 + ((minute * 13) % 9) * 300);
      world.advance(60_000);
    }
    await world.engine.pulse.flush();
    await correctInErp(world);
    await using served = await serveConsole(world);
    const browser = await launch();
    for (const [locale, suffix] of [
      ['en-GB', ''],
      ['nb-NO', '-nb'],
    ] as const) {
      const context = await browser.newContext({ locale, viewport: { width: 1000, height: 700 } });
      const page = await context.newPage();
      const shoot = (name: string) =>
        page.screenshot({ path: path.join(FOLDER, `${name}${suffix}.png`), fullPage: true });
      await page.goto(served.url);
      await shoot('state');
      await page.goto(`${served.url}/needs`);
      await shoot('needs');
      await page.goto(`${served.url}/find`);
      await page.getByRole('textbox').fill(MISSING.number);
      await page.locator('main button').click();
      expect(await page.locator('main').textContent()).toContain(MISSING.crmId);
      await shoot('find');
      await page.goto(`${served.url}/which`);
      await page.getByRole('textbox').first().fill('Regnskap');
      await page.locator('main button').first().click();
      await shoot('which');
      await page.goto(`${served.url}/differences?kind=differs`);
      await shoot('differences');
      await context.close();
    }
    await browser.close();
    await world.stop();
  },
  180_000,
);
