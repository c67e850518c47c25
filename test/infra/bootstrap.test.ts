import { describe, expect, test } from 'vitest';
import { Sandbox } from './stubs/sandbox.ts';

const DEV = '/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/rg-crmnxt-dev';
const PROD = DEV.replace('dev', 'prod');
const ADMINISTRATOR = 'Role Based Access Control Administrator';

const bootstrap = (sandbox: Sandbox, environment: string, variables: Readonly<Record<string, string>> = {}) =>
  sandbox.run('bootstrap.sh', [environment, 'octo/crm', 'group-1'], variables);

const given = ({ az }: Sandbox, principal: string) =>
  az.assignments
    .filter(({ principalId }) => principalId === principal)
    .map((assignment) => assignment.roleDefinitionName);

describe('bootstrap.sh', () => {
  test('gives dev two identities, and nothing twice when it runs again', async () => {
    const sandbox = await Sandbox.open();
    const { status, stderr, stdout } = await bootstrap(sandbox, 'dev');
    expect([status, stderr]).toEqual([0, '']);
    const first = structuredClone(sandbox.az);
    expect(first.identities['id-crmnxt-deploy-dev']?.trusted).toEqual({ github: 'repo:octo@1/crm@2:environment:dev' });
    expect(first.identities['id-crmnxt-plan']?.trusted).toEqual({ github: 'repo:octo@1/crm@2:pull_request' });
    expect(given(sandbox, 'principal-0')).toEqual(['crm-nxt-sync deployer, rg-crmnxt-dev', ADMINISTRATOR]);
    expect(given(sandbox, 'principal-1')).toEqual(['crm-nxt-sync what-if, rg-crmnxt-dev']);
    expect(given(sandbox, 'group-1')).toHaveLength(4);
    for (const { scope } of first.assignments) expect(scope).toBe(DEV);
    expect(stdout).toContain('gh variable set AZURE_DEPLOY_CLIENT_ID --repo octo/crm --env dev --body client-0\n');

    expect((await bootstrap(sandbox, 'dev')).status).toBe(0);
    expect(sandbox.az).toEqual(first);
  });

  test('runs for prod after dev, where pull requests get nothing and lose what they had', async () => {
    const sandbox = await Sandbox.open();
    await bootstrap(sandbox, 'dev');
    sandbox.az.assignments.push({
      id: 'old',
      name: 'old',
      principalId: 'principal-1',
      roleDefinitionName: 'crm-nxt-sync what-if',
      scope: PROD,
      principalType: 'ServicePrincipal',
      condition: null,
      conditionVersion: null,
    });
    const { status, stdout } = await bootstrap(sandbox, 'prod');
    expect(status).toBe(0);
    const inProd = sandbox.az.assignments.filter(({ scope }) => scope === PROD);
    expect(inProd.map(({ principalId }) => principalId)).not.toContain('principal-1');
    expect(given(sandbox, 'principal-2')).toEqual(['crm-nxt-sync deployer, rg-crmnxt-prod', ADMINISTRATOR]);
    expect(stdout).not.toContain('AZURE_PLAN_CLIENT_ID');
    expect(stdout).toContain('gh variable set AZURE_RESOURCE_GROUP --repo octo/crm --env prod --body rg-crmnxt-prod\n');
  });

  test('repairs a subject, a role and a condition that differ from today’s', async () => {
    const sandbox = await Sandbox.open();
    sandbox.gh.subject = 'true ';
    await bootstrap(sandbox, 'dev');
    expect(sandbox.az.identities['id-crmnxt-plan']?.trusted).toEqual({ github: 'repo:octo/crm:pull_request' });
    sandbox.gh.subject = 'true repo:octo@1/crm@2';
    for (const role of sandbox.az.roles) role.permissions = { actions: ['*'] };
    for (const assignment of sandbox.az.assignments) if (assignment.condition !== null) assignment.condition = 'old';

    expect((await bootstrap(sandbox, 'dev')).status).toBe(0);
    const { identities, roles, assignments } = sandbox.az;
    expect(identities['id-crmnxt-plan']?.trusted).toEqual({ github: 'repo:octo@1/crm@2:pull_request' });
    expect(JSON.stringify(roles)).not.toContain('"actions":["*"]');
    const condition = assignments.find(({ roleDefinitionName }) => roleDefinitionName === ADMINISTRATOR)?.condition;
    expect(condition).toContain('GuidNotEquals {principal-0, principal-1}');
    expect(condition).toContain('b7e6dc6d-f1e8-4753-8033-0f276bb0955b,974c5e8b-45b9-4653-ba55-5f855dd0fb88');
  });

  test('waits for a principal that is not known everywhere yet', async () => {
    const sandbox = await Sandbox.open();
    sandbox.az.unknownPrincipals = 3;
    const { status, stderr } = await bootstrap(sandbox, 'dev');
    expect(status).toBe(0);
    expect(stderr).toContain('not yet known everywhere (3 of 12)');
  });

  test.each([
    ['GitHub refuses to say', null, 'Must have admin rights'],
    ['the organisation has a form of its own', 'false repo:octo/crm', 'set GITHUB_SUBJECT_PREFIX'],
  ])('changes nothing when the subject cannot be known: %s', async (_, subject, said) => {
    const sandbox = await Sandbox.open();
    sandbox.gh.subject = subject;
    const { status, stderr } = await bootstrap(sandbox, 'dev');
    expect(status).not.toBe(0);
    expect(stderr).toContain(said);
    expect(sandbox.calls('identity')).toEqual([]);
    expect((await bootstrap(sandbox, 'dev', { GITHUB_SUBJECT_PREFIX: 'repo:o/c' })).status).toBe(0);
  });

  test('stops at the first refusal, also one inside a substitution', async () => {
    const sandbox = await Sandbox.open();
    sandbox.write('infra/roles/deploy.json', '{ "Name": "x"');
    const { status, stdout } = await bootstrap(sandbox, 'dev');
    expect(status).not.toBe(0);
    expect(stdout).not.toContain('4. Identity');
    expect((await bootstrap(sandbox, 'staging')).status).toBe(2);
  });
});
