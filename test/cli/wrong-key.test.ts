import { expect, test } from 'vitest';
import type { Context } from '../../cli/context.ts';
import { run } from '../../cli/run.ts';
import { openEngine } from '../../shared/engine.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { WEBHOOK_SECRET } from '../kit/world.ts';

/** The account of a person at their desk, with a key that is not its own. */
async function wrongKey(): Promise<Readonly<Record<string, string>>> {
  const key = Buffer.from('the key of quite another account').toString('base64');
  return {
    AzureWebJobsStorage: (await freshStorageAccount()).replace(/AccountKey=[^;]+/, `AccountKey=${key}`),
    CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VISMA_CLIENT_ID: 'isv_test',
    VISMA_CLIENT_SECRET: 'x',
    NXT_COMPANY_NO: '1',
  };
}

test.each([[['status']], [['failed', 'replay', '--all']], [['failed', 'list']], [['waiting', 'list']]])(
  'a wrong account key: %j says so in a sentence, and what to do',
  async (args) => {
    const environment = await wrongKey();
    const [out, err]: [string[], string[]] = [[], []];
    const context: Context = {
      out: (text) => out.push(text),
      err: (text) => err.push(text),
      isTerminal: false,
      user: 'tester',
      now: () => Date.now(),
      environment: () => environment,
      connect: (given) => openEngine(given, () => undefined),
    };
    expect(await run(args, context)).toBe(1);
    expect(err.join('\n')).toMatch(/refuses this account.*AccountKey.*Storage Table Data Contributor/s);
    expect([...out, ...err].join('\n')).not.toMatch(/unexpected|RestError|\n\s+at /);
  },
);
