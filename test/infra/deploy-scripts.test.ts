import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Sandbox } from './stubs/sandbox.ts';

const GROUP = { AZURE_RESOURCE_GROUP: 'rg-x' };

/** Writes down the variables that az is called with; the compiler would read them. */
function recordVariables(sandbox: Sandbox, file: string): void {
  const client = readFileSync(join(sandbox.folder, 'bin/az'), 'utf8');
  sandbox.program(
    'az',
    client.replace('\n', `\nenv | grep -E '^(NXT|SYNC|ALERT|AZURE|CRM)_' | sort >'${join(sandbox.folder, file)}'\n`),
  );
}

describe('deploy-infra.sh and what-if.sh', () => {
  test('make the same parameters of the pipeline’s variables', async () => {
    const sandbox = await Sandbox.open();
    recordVariables(sandbox, 'seen');
    const variables = {
      AZURE_RESOURCE_GROUP: 'rg-x',
      NXT_COMPANY_NO: '1234567',
      ALERT_EMAIL: 'a@example.com',
      SYNC_MODE: 'write',
      NXT_CUSTOMER_NUMBER_FROM: '10000',
      NXT_CUSTOMER_DEFAULTS: '{"CPmtTrm": 14, "Inf1": "a \'b\' $(c)"}',
      PATH: '/nowhere',
    };
    const VARIABLES = JSON.stringify(variables);
    expect(await sandbox.run('scripts/what-if.sh', ['dev'], { VARIABLES })).toMatchObject({ status: 0, stderr: '' });
    const whatIf = sandbox.read('seen');
    expect(await sandbox.run('scripts/deploy-infra.sh', ['dev'], { VARIABLES })).toMatchObject({
      status: 0,
      stderr: '',
    });
    expect(sandbox.read('seen')).toBe(whatIf);
    expect(whatIf).toContain('SYNC_MODE=write\n');
    expect(whatIf).toContain(`NXT_CUSTOMER_DEFAULTS=${variables.NXT_CUSTOMER_DEFAULTS}\n`);
    const [asked] = sandbox.calls('deployment group what-if');
    const [made] = sandbox.calls('deployment group create');
    expect(made?.options['parameters']).toBe(asked?.options['parameters']);
    expect(made?.options['resource-group']).toBe('rg-x');
  });

  test('stop when the variables cannot be read', async () => {
    const sandbox = await Sandbox.open();
    expect((await sandbox.run('scripts/what-if.sh', ['dev'], { ...GROUP, VARIABLES: '{' })).status).not.toBe(0);
    expect(sandbox.calls()).toEqual([]);
  });

  test('fetch the outputs, and keep those of before when that fails', async () => {
    const sandbox = await Sandbox.open();
    const { stdout } = await sandbox.run('scripts/deploy-infra.sh', ['dev'], GROUP);
    expect(stdout).toContain('nextSteps: one\n  two\n');
    const before = sandbox.read('.local/dev.outputs.json');
    sandbox.az.outputs = null;
    expect((await sandbox.run('scripts/deploy-infra.sh', ['dev'], GROUP)).status).toBe(1);
    expect(sandbox.read('.local/dev.outputs.json')).toBe(before);
    expect((await sandbox.run('scripts/output.sh', ['dev', 'baseUrl'])).stdout).toBe(
      'https://func-x.azurewebsites.net\n',
    );
    expect((await sandbox.run('scripts/output.sh', ['dev', 'baseURL'])).status).not.toBe(0);
  });

  test('refuse a location without the Node that the app needs', async () => {
    const sandbox = await Sandbox.open();
    expect((await sandbox.run('scripts/check-runtime.sh', ['norwayeast', '24'])).status).toBe(0);
    expect((await sandbox.run('scripts/check-runtime.sh', ['norwayeast', '2'])).status).toBe(1);
    expect((await sandbox.run('scripts/check-runtime.sh', ['norwayeast', '26'])).stderr).toContain(
      'there is: 20 22 24',
    );
  });
});

describe('deploy-app.sh', () => {
  async function deploy(refusals: string[], variables: Readonly<Record<string, string>> = {}) {
    const sandbox = await Sandbox.open();
    sandbox.write('.local/crm-nxt-sync.zip', 'zip');
    await sandbox.run('scripts/outputs.sh', ['dev'], GROUP);
    sandbox.az.zipRefusals.push(...refusals);
    const ran = await sandbox.run('scripts/deploy-app.sh', ['dev'], { ...GROUP, ...variables });
    return { ...ran, tries: sandbox.calls('functionapp deployment source config-zip').length };
  }

  test('waits for rights that are not known everywhere yet, and for the endpoint', async () => {
    const { status, tries } = await deploy([
      'InaccessibleStorageException: Failed to access storage account for deployment: 403',
      'An error occurred: Service Unavailable, status code 503',
      'Operation returned an invalid status: Forbidden',
      'The read operation timed out',
    ]);
    expect([status, tries]).toEqual([0, 5]);
  });

  test('ends at once for what will not pass', async () => {
    const { status, tries, stderr } = await deploy([
      "(ResourceNotFound) The Resource 'Microsoft.Web/sites/func-x' was not found",
    ]);
    expect([status, tries]).toEqual([1, 1]);
    expect(stderr).toContain('ResourceNotFound');
  });

  test('gives up when its time is over', async () => {
    const { status, stderr } = await deploy(['503', '503'], { DEPLOY_MINUTES: '0' });
    expect(status).toBe(1);
    expect(stderr).toContain('Given up after 0 minutes');
  });
});

describe('rollback.sh', () => {
  const isUp = (sandbox: Sandbox) =>
    sandbox.program('curl', '#!/usr/bin/env bash\n[[ $* == */health* ]] && printf 200 || printf 401\n');

  test('sends the package of the run before the newest, and tries the app', async () => {
    const sandbox = await Sandbox.open();
    isUp(sandbox);
    sandbox.write('.local/crm-nxt-sync.zip', 'the newer one');
    const { status, stdout } = await sandbox.run('scripts/rollback.sh', ['prod'], GROUP);
    expect(status).toBe(0);
    expect(stdout).toContain('Run 41');
    expect(stdout).toContain('an unsigned webhook gets 401');
    expect(sandbox.read('.local/crm-nxt-sync.zip')).toBe('package of run 41');
    expect(sandbox.calls('functionapp deployment')).toHaveLength(1);
    expect(sandbox.calls('deployment group create')).toEqual([]);
  });

  test('sends nothing when there is no such package', async () => {
    const sandbox = await Sandbox.open();
    sandbox.write('.local/crm-nxt-sync.zip', 'the newer one');
    expect((await sandbox.run('scripts/rollback.sh', ['prod', '0'], GROUP)).status).toBe(1);
    sandbox.gh.run = '';
    expect((await sandbox.run('scripts/rollback.sh', ['prod'], GROUP)).stderr).toContain('no earlier run');
    expect(sandbox.calls('functionapp deployment')).toEqual([]);
    expect(existsSync(join(sandbox.folder, '.local/crm-nxt-sync.zip'))).toBe(false);
  });
});

describe('check-newest.sh', () => {
  test.each([
    ['11', '12', 1],
    ['12', '12', 0],
    ['13', '12', 0],
    ['1', '0', 0],
  ])('run %s after run %s was deployed: %i', async (number, newest, status) => {
    const sandbox = await Sandbox.open();
    sandbox.gh.run = newest;
    expect((await sandbox.run('scripts/check-newest.sh', [number])).status).toBe(status);
  });
});

describe('console-sign-in.sh', () => {
  test('makes an application with two roles, repairs it, and lets nobody in twice', async () => {
    const sandbox = await Sandbox.open();
    await sandbox.run('scripts/outputs.sh', ['dev'], GROUP);
    const signIn = () => sandbox.run('scripts/console-sign-in.sh', ['dev', 'group-operators', 'group-readers']);
    expect(await signIn()).toMatchObject({ status: 0, stderr: '' });
    const first = structuredClone(sandbox.az);
    expect(first.apps).toEqual([
      {
        appId: 'app-0',
        displayName: 'crm-nxt-sync console (dev)',
        roles: 'operator reader',
        redirect: 'https://func-x.azurewebsites.net/.auth/login/aad/callback',
        trusted: { 'function-app': 'principal-x' },
        api: {
          requestedAccessTokenVersion: 2,
          oauth2PermissionScopes: [expect.objectContaining({ value: 'console', isEnabled: true })],
          preAuthorizedApplications: [expect.objectContaining({ appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46' })],
        },
      },
    ]);
    expect(first.letIn.map(({ principalId }) => principalId)).toEqual(['group-operators', 'group-readers']);
    expect(new Set(first.letIn.map(({ appRoleId }) => appRoleId)).size).toBe(2);

    expect((await signIn()).status).toBe(0);
    expect(sandbox.az).toEqual(first);

    Object.assign(sandbox.az.apps[0] ?? {}, { roles: '', redirect: 'old', trusted: { 'function-app': 'gone' } });
    sandbox.az.letIn.splice(0);
    expect((await signIn()).status).toBe(0);
    expect(sandbox.az).toEqual(first);
  });
});

describe('name-salt.sh', () => {
  const azd = (values: string) => `#!/usr/bin/env bash
if [[ "$1 $2" == 'env get-values' ]]; then printf '%s' '${values}'; exit; fi
[[ "$1 $2 $3" == 'env set NAME_SALT' ]] && printf 'set %s' "$4"
`;

  test('gives a new environment a salt, and leaves one that is there', async () => {
    const sandbox = await Sandbox.open();
    sandbox.program('azd', azd('AZURE_ENV_NAME="x"\n'));
    expect((await sandbox.run('scripts/name-salt.sh', [])).stdout).toMatch(/^set [0-9a-f]{12}$/);
    sandbox.program('azd', azd('NAME_SALT="4f"\n'));
    expect((await sandbox.run('scripts/name-salt.sh', [])).stdout).toBe('');
    sandbox.program('azd', '#!/usr/bin/env bash\nexit 1\n');
    expect((await sandbox.run('scripts/name-salt.sh', [])).status).toBe(1);
  });
});
