import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCAL_CRM_TOKEN } from '../../local/start/environment.ts';
import { eventually } from '../kit/eventually.ts';
import { useOwnProgram } from '../kit/run.ts';
import { isWithoutBrowser, launch, newPage } from './chromium.ts';

const program = useOwnProgram();

interface Started {
  readonly console: string;
  /** Accounting edits a row, by the record's id. */
  readonly editRow: (crmId: string, change: Readonly<Record<string, string>>) => Promise<void>;
  /** Somebody edits a customer in the CRM, which tells of it. */
  readonly editCustomer: (crmId: string, change: Readonly<Record<string, string>>) => Promise<void>;
  /** Addresses as both sides hold them. */
  readonly addresses: (crmId: string) => Promise<{ readonly crm: string; readonly erp: string }>;
}

type Mode = 'report' | 'write';
const children: ChildProcess[] = [];
const running = new Map<Mode, Promise<Started>>();

/** One `npm start` of a mode serves all tests of this file. */
function started(mode: Mode): Promise<Started> {
  const one = running.get(mode) ?? start(mode);
  running.set(mode, one);
  return one;
}

/** `npm start`, with its samples in sync. */
async function start(mode: Mode): Promise<Started> {
  const child = spawn(process.execPath, ['local/start.ts'], {
    cwd: program.folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ERP_TO_CRM: mode },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  await until(
    () => (output.includes('In sync after') ? true : undefined),
    () => output,
  );
  const place = (name: string): string => new RegExp(`${name} +(http://[\\d.:]+)`).exec(output)?.[1] ?? '';
  const [app, sandbox, crm] = [place('Console'), place('ERP sandbox'), place('CRM records')];
  const rowOf = async (crmId: string): Promise<Readonly<Record<string, unknown>>> => {
    const { rows } = (await json(`${sandbox}/sandbox/state`)) as { rows: Readonly<Record<string, unknown>>[] };
    return rows.find(({ externalId }) => externalId === `crm:customer:${crmId}`) ?? {};
  };
  return {
    console: `${app}/api/ops`,
    async editRow(crmId, change) {
      const { associateNo } = await rowOf(crmId);
      await json(`${sandbox}/sandbox/edit`, { method: 'POST', body: { associateNo, user: 'KARI', change } });
    },
    async editCustomer(crmId, change) {
      await json(`${crm}/customers/${crmId}`, { method: 'PATCH', body: change });
    },
    async addresses(crmId) {
      const { customers } = (await json(`${crm}/records`)) as { customers: Record<string, { address?: string }> };
      return { crm: customers[crmId]?.address ?? '', erp: String((await rowOf(crmId))['addressLine1']) };
    },
  };
}

async function json(url: string, { method = 'GET', body }: { method?: string; body?: object } = {}): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${LOCAL_CRM_TOKEN}`,
      'idempotency-key': randomUUID(),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${new URL(url).pathname} answers ${response.status}`);
  return response.json();
}

const until = <T>(look: () => Promise<T | undefined> | T | undefined, say: () => string = () => 'not yet') =>
  eventually(
    async () => {
      const found = await look();
      if (found === undefined) throw new Error(say());
      return found;
    },
    { everyMs: 200 },
  );

describe.skipIf(isWithoutBrowser())('npm start', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(async () => {
    for (const { pid, exitCode } of children) if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGKILL');
    await browser.close();
  });

  it.each(['report', 'write'] as const)(
    'with ERP_TO_CRM=%s: a field that both sides changed is settled in the console, either way',
    async (mode) => {
      const { console: site, editRow, editCustomer, addresses } = await started(mode);
      for (const crmId of ['C-1002', 'C-1004']) {
        await editRow(crmId, { addressLine1: `Storgata ${crmId}`, addressLine2: '' });
        await editCustomer(crmId, { address: `Havnegata ${crmId}` });
      }
      const page = await newPage(browser, { locale: 'en-GB' });
      await until(async () => {
        await page.goto(site);
        return (await page.locator('.headline').textContent())?.startsWith('2 records need you.') ? true : undefined;
      });
      await page.getByRole('link', { name: 'Needs you' }).click();
      await page.locator('.group', { hasText: 'field.conflict' }).getByRole('link').click();
      await page.locator('fieldset.choices', { hasText: 'C-1002' }).getByLabel('The CRM’s value').check();
      await page.locator('fieldset.choices', { hasText: 'C-1004' }).getByLabel('The ERP’s value').check();
      await page.getByRole('button', { name: 'Settle those chosen' }).click();
      expect(await page.locator('main').textContent()).toContain('2 settled.');
      const [both, other] = ['Havnegata C-1002', 'Storgata C-1004'];
      await until(async () => {
        const { crm, erp } = await addresses('C-1002');
        return crm === both && erp === both ? true : undefined;
      });
      await until(async () => {
        const { crm, erp } = await addresses('C-1004');
        return crm === other && erp === other ? true : undefined;
      });
      await page.goto(site);
      expect(await page.locator('.headline').textContent()).toContain('In sync.');
    },
  );

  it('with ERP_TO_CRM=report a correction in the ERP is listed, and nothing is written until it is released', async () => {
    const { console: site, editRow, addresses } = await started('report');
    const before = (await addresses('C-1001')).crm;
    await editRow('C-1001', { addressLine1: 'Storgata 5', addressLine2: '' });
    const page = await newPage(browser, { locale: 'en-GB' });
    await page.goto(`${site}/differences`);
    await until(async () => {
      await page.getByRole('button', { name: 'Compare both systems now' }).click();
      return (await page.locator('fieldset.choices', { hasText: 'C-1001' }).count()) > 0 ? true : undefined;
    });
    expect((await addresses('C-1001')).crm).toBe(before);
    await page.locator('fieldset.choices', { hasText: 'C-1001' }).getByLabel('The ERP’s value').check();
    await page.getByRole('button', { name: 'Settle those chosen' }).click();
    expect(await page.locator('main').textContent()).toContain('customer:C-1001 address: it is on its way');
    await until(async () => ((await addresses('C-1001')).crm === 'Storgata 5' ? true : undefined));
  });
});
