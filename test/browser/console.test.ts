import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customer, type World } from '../kit/world.ts';
import { isWithoutBrowser, launch, newPage } from './chromium.ts';
import { badMorning, correctInErp, MISSING, planMode } from './morning.ts';
import { serveConsole, type Served } from './serve.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const AMBIGUOUS = 30;
const VIEWS = [
  ...[
    '',
    '/needs',
    '/needs/match.ambiguous',
    '/find',
    '/which',
    '/differences',
    '/differences?kind=doubled',
    '/differences?kind=only-in-erp',
    '/differences/open?code=field.conflict',
    '/privacy',
    '/audit',
  ],
  '/record/customer/C-1',
];
/** Of a company that looks first, and writes later. */
const PLAN_VIEWS = ['/planned', '/planned?plans=yes'];

describe.skipIf(isWithoutBrowser())('the console in a real browser', () => {
  let browser: Browser;
  let world: World;
  let served: Served;
  let planning: World;
  let servedPlan: Served;
  beforeAll(async () => {
    browser = await launch();
    world = await badMorning(AMBIGUOUS);
    await correctInErp(world);
    served = await serveConsole(world);
    planning = await planMode();
    servedPlan = await serveConsole(planning);
  });
  afterAll(async () => {
    await browser.close();
    await Promise.all([served[Symbol.asyncDispose](), servedPlan[Symbol.asyncDispose]()]);
    await Promise.all([world.stop(), planning.stop()]);
  });

  /** A page that notes what must never happen: an error, a broken policy, a request to another host. */
  async function open(options: BrowserContextOptions = {}): Promise<{ page: Page; troubles: string[] }> {
    const page = await newPage(browser, { locale: 'en-GB', ...options });
    const troubles: string[] = [];
    const own = [served, servedPlan].map(({ url }) => new URL(url).host);
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') troubles.push(message.text());
    });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('request', (request) => {
      const { host, protocol } = new URL(request.url());
      if (protocol !== 'data:' && !own.includes(host)) troubles.push(request.url());
    });
    return { page, troubles };
  }

  it.each(['nb-NO', 'en-GB'])(
    'has nothing for axe to find, in %s, light and dark, on a phone and on a desk',
    async (locale) => {
      // The policy forbids scripts of others, so the checker is brought in past it.
      const { page, troubles } = await open({ locale, bypassCSP: true });
      const views = [...VIEWS.map((view) => served.url + view), ...PLAN_VIEWS.map((view) => servedPlan.url + view)];
      const sizes = [
        { width: 1200, height: 800 },
        { width: 390, height: 844 },
      ];
      for (const view of views) {
        await page.goto(view);
        await page.addScriptTag({ path: AXE });
        for (const size of sizes) {
          await page.setViewportSize(size);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            const found = await page.evaluate(
              'axe.run({ resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ": " + nodes.map((node) => node.html).join(" ")))',
            );
            expect([view, size.width, colorScheme, found]).toEqual([view, size.width, colorScheme, []]);
          }
          expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
        }
      }
      expect(troubles).toEqual([]);
    },
  );

  it('a missing customer is found by its organisation number, the failure explained, tried again, and seen in sync', async () => {
    const { page, troubles } = await open();
    await page.goto(served.url);
    expect(await page.locator('.headline').textContent()).toBe(
      `${AMBIGUOUS + 2} records need you. The rest is in sync or on its way.`,
    );
    await page.getByRole('link', { name: 'One record' }).click();
    await page.getByRole('textbox').fill(MISSING.number);
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByRole('link', { name: `customer:${MISSING.crmId}` }).click();
    expect(await page.locator('main').textContent()).toContain('The ERP refuses the row.');

    world.sandbox.faults.clear();
    await page.getByRole('button', { name: 'Try again' }).click();
    expect(await page.locator('main').textContent()).toContain('queued again');
    await world.drain();
    await page.goto(`${served.url}/record/customer/${MISSING.crmId}`);
    expect(await page.getByRole('status').first().textContent()).toContain('In sync.');
    expect(world.sandbox.rows().filter(({ name }) => name === MISSING.name)).toHaveLength(1);
    expect(troubles).toEqual([]);
  });

  it('shows what both sides hold only with a reason, and notes it', async () => {
    const { page } = await open();
    await page.goto(`${served.url}/record/customer/C-1`);
    expect(await page.content()).not.toContain('Kjede 1');
    await page.getByLabel('Why you look').fill('accounting asked');
    await page.getByRole('button', { name: 'Show the values' }).click();
    expect(await page.locator('main').textContent()).toContain('Kjede 1 Nord AS');
    const shown = (await world.sync.audit.list(10)).filter(({ action }) => action === 'values.show');
    expect(shown).toMatchObject([{ selection: 'customer:C-1', reason: 'accounting asked', by: 'kari@example.no' }]);
  });

  it('a choice per field that differs has nothing for axe to find, and fits a phone', async () => {
    const { page, troubles } = await open({ bypassCSP: true, viewport: { width: 390, height: 844 } });
    for (const view of ['/which', '/record/customer/C-1']) {
      await page.goto(served.url + view);
      const asked = page.locator('form[action$="/values"]');
      await asked.locator('input[name="reason"]').fill('accounting asked');
      await asked.locator('button').click();
      expect(await page.locator('.values select').count()).toBeGreaterThan(0);
      await page.addScriptTag({ path: AXE });
      expect([view, await page.evaluate('axe.run().then(({ violations }) => violations)')]).toEqual([view, []]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    }
    expect(troubles).toEqual([]);
  });

  it('thirty that nobody but a person can tell are settled in one table, without JavaScript', async () => {
    const { page, troubles } = await open({ javaScriptEnabled: false });
    await page.goto(`${served.url}/which`);
    const choices = page.locator('fieldset.choices');
    expect(await choices.count()).toBe(AMBIGUOUS);
    for (let at = 0; at < AMBIGUOUS; at += 1) {
      // Every tenth is neither of the two.
      const choice = at % 10 === 9 ? 'None of these, create' : /Link to \d+/;
      await choices.nth(at).getByLabel(choice).first().check();
    }
    await page.getByRole('button', { name: 'Settle those chosen' }).click();
    expect(await page.locator('main').textContent()).toContain(`${AMBIGUOUS} records settled.`);
    await world.drain();
    expect((await world.failures()).filter(({ code }) => code.startsWith('match.'))).toEqual([]);
    expect((await world.state(customer('C-1')))?.associateNo).toBe(100);
    expect(world.sandbox.rows().filter(({ name }) => /^Kjede \d+ AS$/.test(name))).toHaveLength(AMBIGUOUS);
    expect(troubles).toEqual([]);
  });

  it('a difference is settled where it is listed, without JavaScript', async () => {
    const { page, troubles } = await open({ javaScriptEnabled: false });
    await page.goto(`${served.url}/differences`);
    await page.getByRole('button', { name: 'Compare both systems now' }).click();
    const choice = page.locator('fieldset.choices', { hasText: 'customer:C-8001' });
    await choice.getByLabel('Let it be until either changes').check();
    await page.getByRole('textbox', { name: 'Reason' }).last().fill('visiting address');
    await page.getByRole('button', { name: 'Settle those chosen' }).click();
    expect(await page.locator('main').textContent()).toContain(
      'customer:C-8001 city: it stays until either value changes',
    );
    await page.getByRole('link', { name: 'Only in the ERP' }).click();
    await page
      .getByLabel(/Let it be until what was compared changes/)
      .first()
      .check();
    await page.getByRole('textbox', { name: 'Reason' }).last().fill('sold');
    await page.getByRole('button', { name: 'Settle those chosen' }).click();
    expect(await page.locator('main').textContent()).toMatch(/\d+ it is let be until what was/);
    expect(troubles).toEqual([]);
  });

  it('of a field that both sides changed both values are seen, and one is chosen', async () => {
    const { page, troubles } = await open({ bypassCSP: true });
    await page.goto(`${served.url}/needs`);
    await page.locator('.group', { hasText: 'field.conflict' }).getByRole('link').click();
    expect(await page.content()).not.toMatch(/Storgata|Havnegata/);
    await page.getByLabel('Why you look').fill('to decide');
    await page.getByRole('button', { name: 'Show the values' }).click();
    expect(await page.locator('main').textContent()).toMatch(/Havnegata 1[^]*Storgata 5/);
    await page.addScriptTag({ path: AXE });
    expect(await page.evaluate('axe.run().then(({ violations }) => violations)')).toEqual([]);
    await page.locator('fieldset.choices', { hasText: 'address' }).getByLabel('The CRM’s value').check();
    await page.getByRole('button', { name: 'Settle those chosen' }).click();
    expect(await page.locator('main').textContent()).toContain('customer:C-8002 address: it is on its way');
    await world.apply(customer('C-8002'));
    const row = world.sandbox.rows().find(({ name }) => name === 'Uenig AS');
    expect([row?.addressLine1, row?.postalArea]).toEqual(['Havnegata 1', 'Horten']);
    expect(troubles).toEqual([]);
  });

  it('all of a kind are settled after a look at how many, and nothing in it is for axe to find', async () => {
    const { page, troubles } = await open({ bypassCSP: true, viewport: { width: 390, height: 844 } });
    await page.goto(`${served.url}/differences?kind=doubled`);
    await page.getByRole('button', { name: 'See what would happen' }).click();
    expect(await page.locator('main').textContent()).toContain('Nothing has been changed yet.');
    await page.addScriptTag({ path: AXE });
    expect(await page.evaluate('axe.run().then(({ violations }) => violations)')).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.getByRole('textbox', { name: 'Reason' }).fill('month end');
    await page.getByRole('button', { name: /Settle \d+/ }).click();
    expect(await page.locator('main').textContent()).toMatch(/\d+ settled\./);
    expect(troubles).toEqual([]);
  });

  it('can be used with the keyboard alone', async () => {
    const { page } = await open();
    await page.goto(served.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('content');
  });
});
