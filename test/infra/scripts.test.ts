import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { INFRA, ROOT } from './deployments.ts';

const scripts = [`${INFRA}bootstrap.sh`, ...readdirSync(`${INFRA}scripts`).map((name) => `${INFRA}scripts/${name}`)];

describe.each(scripts.map((path) => [path.slice(INFRA.length), path]))('%s', (_, path) => {
  test('is sound shell and stops at the first mistake', () => {
    execFileSync('bash', ['-n', path]);
    if (!path.endsWith('variables.sh')) {
      expect(readFileSync(path, 'utf8')).toContain('set -euo pipefail\n');
      expect(readFileSync(path, 'utf8')).toContain('shopt -s inherit_errexit\n');
    }
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
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, name);
  writeFileSync(path, `#!/usr/bin/env bash\n${code}\n`);
  chmodSync(path, 0o755);
  return folder;
}

const withPath = (folder: string) => ({ ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` });

const shellcheck = spawnSync('shellcheck', ['-x', ...scripts, `${ROOT}.ci/run`], { cwd: ROOT, encoding: 'utf8' });

// Debian's package; .ci/run installs it.
test.skipIf(shellcheck.error !== undefined && process.env['CI'] !== 'true')('shellcheck has nothing to say', () => {
  expect(shellcheck.error).toBeUndefined();
  expect(shellcheck.stdout).toBe('');
});

describe('supply-chain.sh', () => {
  const note = `printf '%s %s\\n' "\${0##*/}" "$*" >>"\${0%/*}/calls"`;
  function run(npm: string) {
    const folder = fake('npm', `${note}; exit ${npm}`);
    writeFileSync(join(folder, 'npx'), `#!/usr/bin/env bash\n${note}\n`, { mode: 0o755 });
    const { status } = spawnSync('bash', [`${INFRA}scripts/supply-chain.sh`], { env: withPath(folder) });
    return { status, calls: readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n') };
  }

  test('lists what is shipped, then looks for weaknesses of that alone', () => {
    expect(run('0')).toEqual({
      status: 0,
      calls: ['npx node infra/sbom.ts', 'npm audit --omit dev --audit-level high'],
    });
  });

  test('fails when npm knows of one', () => {
    expect(run('1').status).toBe(1);
  });
});

describe('put-secret.sh', () => {
  function run(input: string, name: string) {
    const folder = fake('az', `cat "\${11}" >"\${0%/*}/value"; printf '%s\\n' "$@" >"\${0%/*}/args"`);
    const { status } = spawnSync('bash', [`${INFRA}scripts/put-secret.sh`, 'kv-test', name], {
      input,
      encoding: 'utf8',
      env: withPath(folder),
    });
    const read = (file: string) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), 'utf8') : '');
    return { status, value: read('value'), args: read('args').trim().split('\n') };
  }

  test('gives the value to az in a file, never as an argument', () => {
    const { status, value, args } = run('s3cret\n', 'visma-client-secret');
    expect([status, value]).toEqual([0, 's3cret']);
    expect(args).toEqual([
      ...'keyvault secret set --vault-name kv-test --name visma-client-secret --encoding utf-8 --file'.split(' '),
      expect.stringMatching(/^\/dev\/fd\/\d+$/),
      '--query',
      '{name: name, version: id, enabled: attributes.enabled}',
      '--output',
      'json',
    ]);
  });

  test('takes every secret that the program reads from the vault, and a key of several lines whole', () => {
    const table = readFileSync(`${ROOT}docs/settings.md`, 'utf8').split('## Secrets')[1]?.split('\n## ')[0] ?? '';
    const names = [...table.matchAll(/^\| `[A-Z_]+` +\| `([a-z-]+)`/gm)].map(([, name = '']) => name);
    expect(names).toContain('hash-key');
    for (const name of names) expect([name, run('line 1\nline 2\n', name).value]).toEqual([name, 'line 1\nline 2']);
  });

  test('refuses a name that the program does not know, and an empty value', () => {
    expect(run('x\n', 'visma-secret').status).toBe(1);
    expect(run('\n', 'hash-key').status).toBe(1);
  });
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
