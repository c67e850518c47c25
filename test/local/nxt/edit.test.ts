import { describe, expect, it } from 'vitest';
import type { NxtSandbox, RowSeed } from '../../../local/nxt/index.ts';
import { startClient } from './client.ts';

const ROWS: readonly RowSeed[] = [
  { associateNo: 7, customerNo: 10007, name: '<b>"Fjord" & Co</b>', addressLine1: 'Havnegata 4', information1: 'kept' },
];

const send = (sandbox: NxtSandbox, body: string, headers: Readonly<Record<string, string>>) =>
  fetch(`${sandbox.origin}/sandbox/edit`, { method: 'POST', headers, body, redirect: 'manual' });
const sendJson = (sandbox: NxtSandbox, body: unknown) =>
  send(sandbox, JSON.stringify(body), { 'content-type': 'application/json' });
const sendForm = (sandbox: NxtSandbox, form: Readonly<Record<string, string>>, origin = sandbox.origin) =>
  send(sandbox, new URLSearchParams(form).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    origin,
  });

describe('POST /sandbox/edit', () => {
  it('changes, enters and deletes rows as a person would', async () => {
    const { sandbox } = await startClient({ rows: ROWS });
    const change = { addressLine1: 'Storgata 5' };
    expect((await sendJson(sandbox, { associateNo: 7, change, user: 'KARI' })).status).toBe(200);
    expect(sandbox.rows()).toMatchObject([{ ...change, information1: 'kept', changedByUser: 'KARI' }]);
    const answer: unknown = await (await sendJson(sandbox, { change: { name: 'Ny' } })).json();
    expect(answer).toMatchObject({
      row: { associateNo: 8, name: 'Ny', createdByUser: 'accounting', changedByUser: '' },
    });
    expect((await sendJson(sandbox, { associateNo: 7, delete: true })).status).toBe(200);
    expect(sandbox.rows().map(({ associateNo }) => associateNo)).toEqual([8]);
  });

  it.each([
    ['a column that nobody may write', { associateNo: 7, change: { changedByUser: 'x' } }, 400],
    ['text that is too long', { associateNo: 7, change: { name: 'x'.repeat(81) } }, 400],
    ['the wrong type', { associateNo: 7, change: { name: 5 } }, 400],
    ['nothing at all', {}, 400],
    ['a row that is not there', { associateNo: 9, change: {} }, 404],
  ])('refuses %s and changes nothing', async (_, body, status) => {
    const { sandbox } = await startClient({ rows: ROWS });
    const before = sandbox.rows();
    expect((await sendJson(sandbox, body)).status).toBe(status);
    expect(sandbox.rows()).toEqual(before);
  });
});

describe('the page /sandbox/edit', () => {
  it('lists the rows and shows one as a form, with what is in them escaped', async () => {
    const { sandbox } = await startClient({ rows: ROWS });
    for (const query of ['', '?associateNo=7']) {
      const response = await fetch(`${sandbox.origin}/sandbox/edit${query}`);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const page = await response.text();
      expect(page).toContain('Fjord');
      expect(page).not.toContain('<b>');
      expect(page).not.toContain('"Fjord"');
    }
    expect((await fetch(`${sandbox.origin}/sandbox/edit?associateNo=9`)).status).toBe(404);
  });

  it('saves what was typed, under the name given, and shows the row again', async () => {
    const { sandbox } = await startClient({ rows: ROWS });
    const response = await sendForm(sandbox, { associateNo: '7', do: 'save', addressLine1: 'Storgata 5', user: 'OLA' });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/sandbox/edit?associateNo=7&saved']);
    expect(sandbox.rows()).toMatchObject([{ ...ROWS[0], addressLine1: 'Storgata 5', changedByUser: 'OLA' }]);
  });

  it('deletes a row', async () => {
    const { sandbox } = await startClient({ rows: ROWS });
    expect((await sendForm(sandbox, { associateNo: '7', do: 'delete', user: '' })).status).toBe(303);
    expect(sandbox.rows()).toEqual([]);
  });

  it.each(['https://evil.example', 'http://127.0.0.1:1', 'null'])('is not driven by a page of %s', async (origin) => {
    const { sandbox } = await startClient({ rows: ROWS });
    expect((await sendForm(sandbox, { associateNo: '7', do: 'delete' }, origin)).status).toBe(403);
    expect(sandbox.rows()).toHaveLength(1);
  });

  it('takes neither plain text nor another method', async () => {
    const { sandbox } = await startClient({ rows: ROWS });
    expect((await send(sandbox, '{}', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await fetch(`${sandbox.origin}/sandbox/edit`, { method: 'PUT' })).status).toBe(405);
  });
});
