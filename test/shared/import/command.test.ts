import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from '../../cli/command.ts';
import { startWorld, type World } from '../../kit/world.ts';
import { fileOf, temporaryFolder } from './files.ts';

const FILE = 'crmId;companyName;city;notat\nC-1;Kanarifugl AS;Larvik;x\nC-2;;Oslo;\n';

let world: World;
let out: string;
beforeEach(async () => {
  world = await startWorld();
  out = path.join(temporaryFolder(), 'import.plan.json');
});
afterEach(() => world.stop());

const run = (file: string, ...flags: readonly string[]) =>
  command(world, 'import', file, '--exported-at', '2026-11-01T08:00:00Z', '--out', out, ...flags);

describe('the import command', () => {
  it('plans, writes nothing, and masks what is personal', async () => {
    const { code, out: said, err } = await run(fileOf(FILE));
    expect(code).toBe(1);
    expect(said).toMatch(/1 +customer would-create/);
    expect(said).toContain('customers.csv:3');
    expect(said).toContain('companyName: value.missing');
    expect(said).toContain('Nothing has been written');
    expect(err).toContain('not used: notat');
    expect(err).toContain('delete it');
    expect(world.sandbox.rows()).toEqual([]);
    expect(said + err + readFileSync(out, 'utf8')).not.toContain('Kanarifugl');
  });

  it('writes the plan where only its owner can read it, with names only when asked', async () => {
    await run(fileOf(FILE), '--show-values');
    expect(statSync(out).mode & 0o777).toBe(0o600);
    expect(readFileSync(out, 'utf8')).toContain('Kanarifugl AS');
  });

  it('carries the plan out with --apply and says what set the time', async () => {
    const { out: said } = await run(fileOf(FILE), '--apply');
    expect(said).toMatch(/1 +created/);
    expect(said).toMatch(/The time was set by (the ERP|storage)/);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('says what is wrong with a file, and with a time', async () => {
    expect(await run(fileOf('navn\nX\n'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('missing columns: crmId') as string,
    });
    expect((await command(world, 'import', fileOf(FILE), '--exported-at', 'i går')).code).toBe(2);
  });
});
