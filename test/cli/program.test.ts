import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../kit/world.ts';
import { customerEvent } from '../kit/events.ts';

const program = path.join(import.meta.dirname, '../../cli/sync.ts');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** `node cli/sync.ts <args>` with this environment only. */
const spawnSync = (environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], { env: environment }, (_error, out, err) =>
      resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });

let world: World | undefined;
afterEach(async () => {
  await world?.stop();
  world = undefined;
});

// Each call is a process of its own, which loads the whole program.
describe('node cli/sync.ts', () => {
  it('names every wrong setting and ends with 1', async () => {
    const { code, out, err } = await spawnSync({ SYNC_MODE: 'maybe', NXT_COMPANY_NO: 'x' }, 'status');
    expect(code).toBe(1);
    expect(out).toBe('');
    for (const name of ['SYNC_MODE', 'NXT_COMPANY_NO', 'VISMA_CLIENT_ID', 'AzureWebJobsStorage']) {
      expect(err).toMatch(new RegExp(`^${name}: `, 'm'));
    }
  });

  it('helps without settings, and ends with 2 for a command it does not know', async () => {
    const help = await spawnSync({}, 'failed', 'replay', '--help');
    expect(help.code).toBe(0);
    expect(help.out).toContain('--older-than');
    expect((await spawnSync({}, 'failed', 'reply')).code).toBe(2);
    expect((await spawnSync({})).code).toBe(2);
  });

  it('lists, replays and ends with the exit code a script can use', async () => {
    world = await startWorld({ storage: 'azurite' });
    world.sandbox.faults.add({ do: 'row-error', on: 'any', nameContains: '' });
    await world.send(customerEvent('C-1'));
    await world.drain();
    world.sandbox.faults.clear();

    const status = await spawnSync(world.environment, 'status', '--json');
    expect(status.code).toBe(1);
    expect(JSON.parse(status.out)).toMatchObject({ failures: { 'erp.row-refused': 1 } });
    const replayed = await spawnSync(world.environment, 'failed', 'replay', '--all', '--by', 'Ola');
    expect(replayed.code).toBe(0);
    await world.drain();
    expect(await spawnSync(world.environment, 'status')).toMatchObject({ code: 0 });
    const audit = await spawnSync(world.environment, 'audit', 'list');
    expect(audit.out).toMatch(/Ola +failed\.replay +1 +1 replayed/);
  });

  it('ends as ever when nobody reads its answer to the end', async () => {
    world = await startWorld({ storage: 'azurite' });
    const child = spawn(process.execPath, [program, 'status'], { env: world.environment });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (text) => (err += String(text)));
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });

  it('says that storage is away, without a stack', async () => {
    world = await startWorld({ storage: 'azurite' });
    const away =
      'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a;';
    const { code, err } = await spawnSync({ ...world.environment, AzureWebJobsStorage: away }, 'status');
    expect(code).toBe(1);
    expect(err).toMatch(/^storage: not reachable/);
  });
});
