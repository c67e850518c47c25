import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { Associates, NewRow } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { associateNo, openSandbox, yes } from './support.ts';
import { tampering } from './tampering.ts';

const CANARIES = ['Kanari Fugl', 'Fugleveien 13', 'kanari@example.no', '+4799887766'];
const [NAME = '', STREET = '', MAIL = '', PHONE = ''] = CANARIES;

const VALUES = {
  name: new Personal(NAME),
  addressLine1: new Personal(STREET),
  emailAddress: new Personal(MAIL),
  phone: new Personal(PHONE),
};
const ROW: NewRow = { kind: 'contact', values: { externalId: 'crm:contact:P-1', ...VALUES } };
const STORED = { name: NAME, addressLine1: STREET, emailAddress: MAIL, phone: PHONE, externalId: 'crm:contact:P-2' };

/** Everything a log, an error report or a table could make of a value. */
function everyPrint(value: unknown): string {
  const error = value instanceof Error ? [value.message, value.stack, String(value), inspect(value.cause)] : [];
  return [inspect(value, { depth: 10, showHidden: true, getters: true }), JSON.stringify(value), ...error].join('\n');
}

function expectNoCanary(prints: string): void {
  for (const canary of CANARIES) expect(prints).not.toContain(canary);
}

const quoting = { message: `Value ${NAME} of ${MAIL} is bad`, extensions: { data: { status_name: NAME, status: 9 } } };
const page = (text: string, status: number, type: string) => async () =>
  new Response(text, { status, headers: { 'content-type': type } });

/** Answers that repeat what was sent, in every place an answer has. */
const TALKATIVE: Readonly<Record<string, () => Promise<Response>>> = {
  'a page': page(`<html>${NAME} ${STREET}</html>`, 200, 'text/html'),
  'broken JSON': page(`{"data": {"name": "${NAME}`, 200, 'application/json'),
  'status 500 with a body': page(JSON.stringify({ errors: [quoting], data: STORED }), 500, 'application/json'),
  'status 400 with a body': page(JSON.stringify({ errors: [quoting] }), 400, 'application/json'),
  'errors that quote values': page(
    JSON.stringify({
      errors: [{ ...quoting, path: ['useCompany', NAME, 'values/0'] }],
      data: { useCompany: { contacts: { items: null }, update: { items: null }, rows: null } },
      extensions: { 'vbnxt-trace-id': NAME },
    }),
    200,
    'application/json',
  ),
  'rows of the wrong shape': page(
    JSON.stringify({
      data: {
        useCompany: {
          contacts: { items: [{ associateNo: NAME, [NAME]: STREET }] },
          update: { items: [{ associateNo: NAME }] },
          rows: { pageInfo: { hasNextPage: false }, items: [{ associateNo: 1, phone: { number: PHONE } }] },
        },
      },
    }),
    200,
    'application/json',
  ),
  'an error thrown by the network': async () => {
    throw new Error(`could not send ${NAME}`, { cause: { message: MAIL, code: MAIL } });
  },
};

const CALLS: Readonly<Record<string, (associates: Associates) => Promise<unknown>>> = {
  create: (associates) => associates.create(ROW, yes),
  update: (associates) => associates.update(associateNo(1), VALUES, yes),
  find: (associates) => associates.find({ associateNo: 1 }),
  scan: async (associates) => {
    for await (const rows of associates.scan()) return rows;
    return undefined;
  },
};

describe.each(Object.keys(TALKATIVE))('%s', (what) => {
  test.each(Object.keys(CALLS))('gives no personal value away in %s', async (call) => {
    const answer = TALKATIVE[what] ?? page('', 500, 'text/html');
    const operations = ['associate_create', 'associate_update', 'associate_find', 'associate_scan'];
    const { fetch } = tampering(Object.fromEntries(operations.map((name) => [name, answer])));
    await using erp = await openSandbox({ rows: [STORED] }, {}, { fetch });
    const outcome: unknown = await CALLS[call]?.(erp.associates).catch((error: unknown) => error);
    expectNoCanary(everyPrint(outcome));
    expectNoCanary(JSON.stringify(erp.lines));
    expect(erp.lines.length).toBeGreaterThan(1);
  });
});

test('a row that was found or written prints as masked, and still has its values', async () => {
  await using erp = await openSandbox({ rows: [STORED] });
  const [row] = await erp.associates.find({ associateNo: 1 });
  const written = await erp.associates.create(ROW, yes);
  expect(row?.name.reveal()).toBe(NAME);
  expect(written.kind === 'written' && written.row.phone.reveal()).toBe(PHONE);
  expectNoCanary(everyPrint(row) + everyPrint(written));
});
