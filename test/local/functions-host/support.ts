import { request, type OutgoingHttpHeaders } from 'node:http';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { startFunctionsHost, type FunctionsHost } from '../../../local/functions-host/index.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';

export const FIXTURE = path.join(import.meta.dirname, 'fixture');
/** An app that takes HTTP as a stream, as this program's does. */
export const STREAM_FIXTURE = path.join(import.meta.dirname, 'fixture-stream');

/** What a function of the fixture app does when it is called: the test decides. */
export type FixtureRun = (name: string, input: unknown, context: unknown) => unknown;

interface Fixture {
  run: FixtureRun;
  readonly hooks: string[];
}

declare global {
  var fixture: Fixture;
}

export interface FixtureHost extends FunctionsHost {
  readonly url: string;
  readonly lines: readonly string[];
  readonly hooks: readonly string[];
  readonly connectionString: string;
}

export interface FixtureOptions {
  readonly run?: FixtureRun;
  readonly environment?: Readonly<Record<string, string>>;
  readonly connectionString?: string;
  readonly appDir?: string;
}

/** Starts the fixture app in this process, with a storage account of its own, and stops it after the test. */
export async function startFixture(options: FixtureOptions = {}): Promise<FixtureHost> {
  const lines: string[] = [];
  const hooks: string[] = [];
  globalThis.fixture = { run: options.run ?? (() => undefined), hooks };
  const connectionString = options.connectionString ?? (await freshStorageAccount());
  const host = await startFunctionsHost({
    appDir: options.appDir ?? FIXTURE,
    port: 0,
    log: (line) => lines.push(line),
    environment: {
      AzureWebJobsStorage: connectionString,
      WORK_QUEUE: 'work',
      // Once a year: the tests that want a timer say so.
      TICK_SCHEDULE: '0 0 0 1 1 *',
      ...options.environment,
    },
  });
  onTestFinished(() => host.stop());
  return { ...host, url: `http://127.0.0.1:${host.port}`, lines, hooks, connectionString };
}

/** A request that `fetch` would not send as it is written here. */
export function call(
  url: string,
  target: string,
  options: { readonly method: string; readonly headers: OutgoingHttpHeaders },
): Promise<{ readonly status: number | undefined; readonly body: string }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path: target, ...options }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode, body }));
    });
    sent.on('error', reject).end();
  });
}
