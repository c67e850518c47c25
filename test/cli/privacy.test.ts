import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { contactEvent, customerEvent } from '../kit/events.ts';
import { startWorld, type World } from '../kit/world.ts';
import { answers, command } from './command.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
  await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
  await world.drain();
  world.advance(10_000);
});
afterEach(() => world.stop());

test('an erasure says first whom it would concern, and prints a receipt', async () => {
  const look = await command(world, 'privacy', 'erase', '--email', 'kari@example.no');
  expect(look).toMatchObject({ code: 0, out: expect.stringContaining('contact:P-1') as string });
  expect(world.sandbox.rows().some(({ name }) => name === 'Kari Nordmann')).toBe(true);

  const done = await command(world, 'privacy', 'erase', 'contact:P-1', '--yes', '--case', 'SAK-117', '--by', 'dpo');
  expect(done.code).toBe(0);
  expect(done.out).toContain('Erasure (article 17)');
  expect(done.out + done.err).not.toMatch(/kari|nordmann|92099720/i);
  expect(world.sandbox.rows().some(({ name }) => name === 'Kari Nordmann')).toBe(false);

  const [receipt] = await answers(world, 'privacy', 'receipts');
  expect(receipt).toMatchObject({ right: 'erasure', reference: 'SAK-117', by: 'dpo', records: ['contact:P-1'] });
  expect((await command(world, 'privacy', 'receipt', String(receipt?.['id']))).out).toContain('Sletting (artikkel 17)');
});

test('access is written to a file that only its owner reads', async () => {
  const out = join(mkdtempSync(join(tmpdir(), 'access-')), 'answer.html');
  const answer = await command(world, 'privacy', 'access', 'contact:P-1', '--out', out);
  expect(answer.code).toBe(0);
  expect(answer.out + answer.err).not.toMatch(/nordmann/i);
  expect(readFileSync(out, 'utf8')).toContain('Kari Nordmann');
  expect(statSync(out).mode & 0o077).toBe(0);
});

test('a restriction is set and lifted, and an objection decided', async () => {
  expect((await command(world, 'privacy', 'restrict', 'contact:P-1')).code).toBe(0);
  expect((await command(world, 'privacy', 'report')).out).toContain('1 record restricted');
  expect((await command(world, 'privacy', 'unrestrict', 'contact:P-1', '--drop')).code).toBe(0);
  const [objection] = await answers(world, 'privacy', 'object', 'contact:P-1');
  const id = String(objection?.['id']);
  expect((await command(world, 'privacy', 'decide', id, '--rejected')).out).toContain('The objection is rejected');
});

test('a correction is proved field by field', async () => {
  expect(await command(world, 'privacy', 'proof', 'contact:P-1')).toMatchObject({
    code: 0,
    out: expect.stringContaining('arrived') as string,
  });
});

test.each([
  [['erase'], 'name one person'],
  [['erase', 'contact:P-1', '--email', 'a@b.no'], 'name one person'],
  [['access', '--name', 'Kari'], 'name one person'],
  [['erase', 'customer:C-1'], 'accounting'],
  [['erase', 'contact:P-1', '--case', 'Kari Nordmann'], '--case'],
  [['restrict', 'contact:P-1', '--requester', 'Kari'], '--requester'],
  [['unrestrict', 'contact:P-1'], '--apply or --drop'],
  [['decide', 'x'], '--granted or --rejected'],
])('%j is refused in one sentence', async (args, says) => {
  const answer = await command(world, 'privacy', ...args);
  expect(answer).toMatchObject({ code: 2, err: expect.stringContaining(says) as string });
});
