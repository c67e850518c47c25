import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { INFRA } from './deployments.ts';

const scripts = [`${INFRA}bootstrap.sh`, ...readdirSync(`${INFRA}scripts`).map((name) => `${INFRA}scripts/${name}`)];

describe.each(scripts.map((path) => [path.slice(INFRA.length), path]))('%s', (_, path) => {
  test('is sound shell and stops at the first mistake', () => {
    execFileSync('bash', ['-n', path]);
    expect(readFileSync(path, 'utf8')).toContain('set -euo pipefail');
  });

  test('takes no secret as an argument and asks for no key', () => {
    const code = readFileSync(path, 'utf8');
    expect(code).not.toMatch(
      /keyvault secret set.*--value|--password|keys list|publish-profile|show-connection-string/,
    );
  });
});

/** A program in a folder of its own, to stand for `az` or `bicep`. */
function fake(name: string, code: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fake-'));
  const path = join(folder, name);
  writeFileSync(path, `#!/usr/bin/env bash\n${code}\n`);
  chmodSync(path, 0o755);
  return folder;
}

const withPath = (folder: string) => ({ ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` });

describe('put-secret.sh', () => {
  const run = (input: string, ...args: string[]) =>
    spawnSync('bash', [`${INFRA}scripts/put-secret.sh`, ...args], {
      input,
      encoding: 'utf8',
      env: withPath(fake('az', 'while [[ $# -gt 0 ]]; do [[ $1 == --file ]] && cat "$2"; echo " arg:$1"; shift; done')),
    });

  test('gives the value to az in a file, never as an argument', () => {
    const { stdout, status } = run('s3cret\n', 'kv-test', 'visma-client-secret');
    expect(status).toBe(0);
    expect(stdout).toContain('s3cret arg:--file');
    expect(stdout).not.toMatch(/arg:.*s3cret/);
  });

  test('refuses a name that the program does not know, and an empty value', () => {
    expect(run('x\n', 'kv-test', 'visma-secret').status).toBe(1);
    expect(run('\n', 'kv-test', 'hash-key').status).not.toBe(0);
  });
});

test('check-runtime.sh refuses a Node that the location does not offer', () => {
  const env = withPath(fake('az', 'printf "20\\n22\\n24\\n"'));
  const run = (version: string) =>
    spawnSync('bash', [`${INFRA}scripts/check-runtime.sh`, 'norwayeast', version], { encoding: 'utf8', env });
  expect(run('24').status).toBe(0);
  expect(run('2').status).toBe(1);
  expect(run('26').stderr).toContain('there is: 20 22 24');
});

describe('smoke-test.sh', () => {
  type Answers = Readonly<Record<string, readonly [status: number, body: string]>>;
  const good: Answers = { '/api/health': [200, ''], '/api/webhooks/crm': [401, ''], '/api/ops': [401, ''] };

  async function smoke(answers: Answers, ...flags: string[]): Promise<number> {
    const server = createServer((request, response) => {
      const [status, body] = answers[request.url ?? ''] ?? [404, ''];
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const env = { ...process.env, SMOKE_TRIES: '1', SMOKE_PAUSE: '0' };
    try {
      await promisify(execFile)('bash', [`${INFRA}scripts/smoke-test.sh`, base, ...flags], { env });
      return 0;
    } catch (error) {
      return (error as { code: number }).code;
    } finally {
      close(server);
    }
  }

  const close = (server: Server) => {
    server.close();
    server.closeAllConnections();
  };

  test('passes a healthy app', async () => {
    expect(await smoke(good)).toBe(0);
  });

  test('takes unconfigured for right only on a first deployment', async () => {
    const unconfigured: Answers = { ...good, '/api/health': [503, '{"status":"unconfigured"}'] };
    expect(await smoke(unconfigured, '--first')).toBe(0);
    expect(await smoke(unconfigured)).toBe(1);
  });

  test('fails when an unsigned webhook is taken', async () => {
    expect(await smoke({ ...good, '/api/webhooks/crm': [202, ''] })).toBe(1);
  });

  test('fails when the console is open', async () => {
    expect(await smoke({ ...good, '/api/ops': [200, ''] })).toBe(1);
  });
});

describe('the pipeline’s roles', () => {
  const role = (name: string) =>
    JSON.parse(readFileSync(`${INFRA}roles/${name}.json`, 'utf8')) as Record<
      'Actions' | 'NotActions' | 'DataActions',
      string[]
    >;

  test('pull requests can read, and ask', () => {
    expect(role('plan').Actions.filter((action) => !action.endsWith('/read'))).toEqual([
      'Microsoft.Resources/deployments/validate/action',
      'Microsoft.Resources/deployments/whatIf/action',
    ]);
    expect(role('plan').DataActions).toEqual([]);
  });

  test('the deployer gets no key, no data and no way to give rights', () => {
    const { Actions, NotActions, DataActions } = role('deploy');
    expect(DataActions).toEqual([]);
    expect(Actions.filter((action) => action.startsWith('*') || /roleAssignments\/(write|\*)/.test(action))).toEqual(
      [],
    );
    expect(Actions.filter((action) => action.startsWith('Microsoft.Authorization/'))).toEqual([
      'Microsoft.Authorization/*/read',
    ]);
    for (const key of ['Storage/storageAccounts/listKeys', 'Web/sites/host/listKeys', 'Web/sites/publishxml']) {
      expect(NotActions).toContain(`Microsoft.${key}/action`);
    }
  });
});
