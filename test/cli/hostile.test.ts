import fc from 'fast-check';
import { expect, it } from 'vitest';
import { printable, printableLine } from '../../shared/printable.ts';
import { startWorld } from '../kit/world.ts';
import { command } from './command.ts';

const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u;

it('nothing that a terminal obeys gets through, and what is left still is JSON', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(printableLine(text)).not.toMatch(HOSTILE);
      expect(JSON.parse(printable(JSON.stringify({ text })))).toEqual({ text });
    }),
  );
});

it('a reason with colours, a line break and a direction mark is one line of text in every list', async () => {
  const world = await startWorld();
  try {
    const reason = 'ok\u001b[31m\n2026-01-01 00:00  root  resume\u202e';
    await command(world, 'pause', '--by', 'Kari\u001b]0;x\u0007', '--reason', reason);
    const { out } = await command(world, 'audit', 'list');
    expect(out.split('\n')).toHaveLength(2);
    expect(out.replaceAll('\n', '')).not.toMatch(HOSTILE);
    expect((await command(world, 'status')).out.replaceAll('\n', '')).not.toMatch(HOSTILE);
    const [entry] = (await command(world, 'audit', 'list', '--json')).out.split('\n');
    expect(JSON.parse(entry ?? '')).toMatchObject({ reason });
  } finally {
    await world.stop();
  }
});
