import { RestError } from '@azure/data-tables';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Context } from '../../cli/context.ts';
import { run } from '../../cli/run.ts';
import { startWorld, type World } from '../kit/world.ts';
import { command } from './command.ts';

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const restError = (statusCode: number): Error => {
  const error = new RestError('Server failed to authenticate the request. RequestId:1', { statusCode });
  error.name = 'RestError';
  return error;
};

/** `sync <args>` on storage that behaves as `depths` does. */
async function on(depths: () => Promise<never>, args: readonly string[], more: Partial<Context> = {}) {
  const said: string[] = [];
  const queues = { ...world.sync.queues, depths };
  const code = await run(args, {
    out: () => undefined,
    err: (text) => said.push(text),
    isTerminal: false,
    user: 'tester',
    now: () => world.now(),
    environment: () => world.environment,
    connect: async () => ({ ...world.engine, sync: { ...world.sync, queues } }),
    ...more,
  });
  return { code, err: said.join('\n') };
}

const NO_LIBRARY = /unexpected|RestError|RequestId|node_modules| at .*:\d+/;

describe('what goes wrong is a sentence with what mends it', () => {
  it.each([401, 403])('storage that refuses the key (%d)', async (status) => {
    const { code, err } = await on(() => Promise.reject(restError(status)), ['status']);
    expect(code).toBe(1);
    expect(err).toMatch(/^storage: refuses this account; put the right AccountKey into AzureWebJobsStorage/);
    expect(err).not.toMatch(NO_LIBRARY);
  });

  it('storage that takes a request and never answers', async () => {
    const { code, err } = await on(() => new Promise<never>(() => undefined), ['status'], { patience: 50 });
    expect(code).toBe(1);
    expect(err).toMatch(/^storage: no answer within/);
  });

  it('a fault of the program itself, whose message could hold anything', async () => {
    const fault = () => Promise.reject(new TypeError('Kari Nordmann is not a function'));
    const { code, err } = await on(fault, ['status']);
    expect(code).toBe(1);
    expect(err).toMatch(/^This is a fault in the program/);
    expect(err).not.toMatch(/Kari|unexpected/);
    expect((await on(fault, ['status', '--verbose'])).err).toContain('TypeError');
  });

  it.each([
    ['import', 'nope.csv', /nope\.csv: there is no such file/],
    ['import', 'docs', /docs: this is a folder/],
  ])('%s %s', async (name, file, said) => {
    const { code, err } = await command(world, name, file);
    expect(code).toBe(1);
    expect(err).toMatch(said);
    expect(err).not.toMatch(NO_LIBRARY);
  });

  it.each([
    [['record', 'C-1'], /write it as customer:C-1001/],
    [['failed', 'list', '--code', 'no.such'], /there is no code/],
    [['waiting', 'free'], /name records/],
    [['status', '--url', 'http://example.com'], /--url is the app’s address/],
  ])('%j: exit code 2', async (args, said) => {
    const { code, err } = await command(world, ...args);
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });
});
