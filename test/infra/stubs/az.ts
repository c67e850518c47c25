import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Assignment, AzState } from './az-state.ts';
import type { Call, Command } from './program.ts';

/** A stand-in for the Azure CLI: the commands that the scripts use, with the rules on which they depend. */
const BUILT_IN = [
  'Role Based Access Control Administrator',
  'Key Vault Secrets Officer',
  'Storage Queue Data Contributor',
  'Storage Table Data Contributor',
  'Monitoring Reader',
];
const SUBSCRIPTION = '/subscriptions/11111111-1111-4111-8111-111111111111';

const option = ({ options }: Call, name: string) => options[name] ?? '';

function identity(call: Call, state: AzState, key: string) {
  const found = state.identities[option(call, key)];
  if (found === undefined) throw new Error(`(ResourceNotFound) ${option(call, key)} was not found`);
  return found;
}

/** The rules of `az role definition create` and `update`, as its source has them. */
function defineRole(call: Call, state: AzState, isUpdate: boolean) {
  const given = JSON.parse(option(call, 'role-definition')) as Record<string, unknown>;
  const role = Object.fromEntries(
    Object.entries(given).map(([key, value]) => [`${key[0]?.toLowerCase()}${key.slice(1)}`, value]),
  );
  const {
    id = '',
    name,
    roleName,
    assignableScopes,
    ...permissions
  } = role as Record<string, unknown> & {
    id?: string;
    name: string;
    roleName?: string;
    assignableScopes: string[];
  };
  if (isUpdate) {
    const old = state.roles.find((candidate) => candidate.id === id);
    if (old === undefined) throw new Error(`No definition was found with the id of "${id}"`);
    if (roleName === undefined) throw new Error("The command failed with an unexpected error: KeyError 'roleName'");
    Object.assign(old, { roleName, assignableScopes, permissions });
  } else {
    if (state.roles.some((candidate) => candidate.roleName === name))
      throw new Error('(RoleDefinitionWithSameNameExists)');
    const guid = `22222222-2222-4222-8222-${String(state.roles.length).padStart(12, '0')}`;
    const path = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${guid}`;
    state.roles.push({ id: path, name: guid, roleName: name, assignableScopes, permissions });
  }
}

function assignRole(call: Call, state: AzState): unknown {
  const role = option(call, 'role');
  const scope = option(call, 'scope');
  if (![...BUILT_IN, ...state.roles.map(({ roleName }) => roleName)].includes(role))
    throw new Error(`Role '${role}' doesn't exist.`);
  if (state.unknownPrincipals > 0) {
    state.unknownPrincipals -= 1;
    throw new Error('(PrincipalNotFound) Principal does not exist in the directory');
  }
  const principalId = option(call, 'assignee-object-id');
  const same = state.assignments.find(
    (a) => a.principalId === principalId && a.roleDefinitionName === role && a.scope === scope,
  );
  // As az does: what exists is answered, and not changed.
  if (same !== undefined) return same;
  const name = `33333333-3333-4333-8333-${String(state.assignments.length).padStart(12, '0')}`;
  state.assignments.push({
    id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
    name,
    scope,
    principalId,
    roleDefinitionName: role,
    principalType: option(call, 'assignee-principal-type'),
    condition: call.options['condition'] ?? null,
    conditionVersion: call.options['condition-version'] ?? null,
  });
  return undefined;
}

const app = (call: Call, state: AzState) => {
  const found = state.apps.find(({ appId }) => appId === option(call, 'id'));
  if (found === undefined) throw new Error(`Resource '${option(call, 'id')}' does not exist`);
  return found;
};

const credential = (call: Call) => JSON.parse(option(call, 'parameters')) as { name: string; subject: string };

/** The commands, over a world that they change. */
export const azCommands = (state: AzState, folder: string): Record<string, Command> => ({
  'account show': {
    required: [],
    answer: () => ({ id: SUBSCRIPTION.split('/')[2], tenantId: '44444444-4444-4444-8444-444444444444' }),
  },
  'provider register': { required: ['namespace'], answer: () => undefined },
  'group create': { required: ['name', 'location'], answer: () => undefined },
  'identity create': {
    required: ['resource-group', 'name', 'location'],
    answer(call) {
      const number = Object.keys(state.identities).length;
      const fresh = { principalId: `principal-${number}`, clientId: `client-${number}`, trusted: {} };
      state.identities[option(call, 'name')] ??= fresh;
    },
  },
  'identity show': { required: ['resource-group', 'name'], answer: (call) => identity(call, state, 'name') },
  'identity federated-credential list': {
    required: ['resource-group', 'identity-name'],
    answer: (call) =>
      Object.entries(identity(call, state, 'identity-name').trusted).map(([name, subject]) => ({ name, subject })),
  },
  'identity federated-credential create': {
    required: ['resource-group', 'identity-name', 'name', 'issuer', 'subject', 'audiences'],
    answer: (call) =>
      void (identity(call, state, 'identity-name').trusted[option(call, 'name')] = option(call, 'subject')),
  },
  'identity federated-credential update': {
    required: ['resource-group', 'identity-name', 'name', 'issuer', 'subject', 'audiences'],
    answer(call) {
      const { trusted } = identity(call, state, 'identity-name');
      if (trusted[option(call, 'name')] === undefined) throw new Error('(NotFound)');
      trusted[option(call, 'name')] = option(call, 'subject');
    },
  },
  'role definition list': {
    required: [],
    optional: ['name', 'scope', 'custom-role-only'],
    // A role that can be assigned in one resource group only is not listed for the subscription.
    answer: (call) =>
      state.roles.filter(
        ({ roleName, assignableScopes }) =>
          roleName === option(call, 'name') &&
          assignableScopes.some((scope) => option(call, 'scope').startsWith(scope)),
      ),
  },
  'role definition create': { required: ['role-definition'], answer: (call) => defineRole(call, state, false) },
  'role definition update': { required: ['role-definition'], answer: (call) => defineRole(call, state, true) },
  'role assignment create': {
    required: ['role', 'scope', 'assignee-object-id', 'assignee-principal-type'],
    optional: ['condition', 'condition-version'],
    answer: (call) => assignRole(call, state),
  },
  'role assignment list': {
    required: ['scope', 'fill-principal-name'],
    answer: (call) => state.assignments.filter(({ scope }) => scope === option(call, 'scope')),
  },
  'role assignment update': {
    required: ['role-assignment'],
    answer(call) {
      const { id, condition, conditionVersion } = JSON.parse(option(call, 'role-assignment')) as Assignment;
      const old = state.assignments.find((candidate) => candidate.id === id);
      if (old === undefined) throw new Error('(RoleAssignmentNotFound)');
      Object.assign(old, { condition, conditionVersion });
    },
  },
  'role assignment delete': {
    required: ['ids'],
    answer(call) {
      state.assignments = state.assignments.filter(({ id }) => id !== option(call, 'ids'));
    },
  },
  'deployment group create': {
    required: ['resource-group', 'name', 'parameters'],
    answer: (call) => readFileSync(join(folder, option(call, 'parameters')), 'utf8').slice(0, 0),
  },
  'deployment group show': {
    required: ['resource-group', 'name'],
    answer() {
      if (state.outputs === null) throw new Error('(DeploymentNotFound)');
      const outputs = Object.entries(state.outputs).map(([name, value]) => [name, { value }]);
      return { properties: { outputs: Object.fromEntries(outputs) as unknown } };
    },
  },
  'deployment group what-if': {
    required: ['resource-group', 'parameters', 'validation-level', 'exclude-change-types', 'no-prompt'],
    answer: () => 'Resource changes: none',
  },
  'functionapp list-flexconsumption-runtimes': {
    required: ['location', 'runtime'],
    answer: () => ['20', '22', '24'].map((version) => ({ version })),
  },
  'functionapp deployment source config-zip': {
    required: ['resource-group', 'name', 'src', 'build-remote', 'timeout'],
    answer(call) {
      readFileSync(join(folder, option(call, 'src')));
      const refusal = state.zipRefusals.shift();
      if (refusal !== undefined) throw new Error(refusal);
    },
  },
  'ad app list': {
    required: ['filter'],
    answer: (call) =>
      state.apps.filter(({ displayName }) => option(call, 'filter') === `displayName eq '${displayName}'`),
  },
  'ad app create': {
    required: ['display-name', 'sign-in-audience'],
    answer(call) {
      const made = {
        appId: `app-${state.apps.length}`,
        displayName: option(call, 'display-name'),
        roles: '',
        redirect: '',
        trusted: {},
        api: {},
      };
      state.apps.push(made);
      return made;
    },
  },
  'ad app update': {
    required: ['id', 'web-redirect-uris', 'enable-id-token-issuance', 'app-roles'],
    answer(call) {
      const roles = JSON.parse(option(call, 'app-roles')) as { value: string }[];
      Object.assign(app(call, state), {
        roles: roles.map(({ value }) => value).join(' '),
        redirect: option(call, 'web-redirect-uris'),
      });
    },
  },
  'ad app federated-credential list': {
    required: ['id'],
    answer: (call) => Object.entries(app(call, state).trusted).map(([name, subject]) => ({ name, subject })),
  },
  'ad app federated-credential create': {
    required: ['id', 'parameters'],
    answer(call) {
      const { name, subject } = credential(call);
      if (app(call, state).trusted[name] !== undefined)
        throw new Error('FederatedIdentityCredential with name already exists.');
      app(call, state).trusted[name] = subject;
    },
  },
  'ad app federated-credential update': {
    required: ['id', 'federated-credential-id', 'parameters'],
    answer: (call) => void (app(call, state).trusted[credential(call).name] = credential(call).subject),
  },
  'ad sp list': {
    required: ['filter'],
    answer: (call) => state.services.filter(({ appId }) => option(call, 'filter') === `appId eq '${appId}'`),
  },
  'ad sp create': {
    required: ['id'],
    answer(call) {
      if (state.services.some(({ appId }) => appId === option(call, 'id'))) throw new Error('already in use');
      const made = { id: `service-${state.services.length}`, appId: option(call, 'id') };
      state.services.push(made);
      return made;
    },
  },
  'ad sp update': { required: ['id', 'set'], answer: () => undefined },
  rest: {
    required: ['method', 'url'],
    optional: ['body'],
    answer(call) {
      if (option(call, 'method') === 'get') return { value: state.letIn };
      if (option(call, 'method') === 'patch') {
        const appId = /^https:\/\/graph\.microsoft\.com\/v1\.0\/applications\(appId='(.+)'\)$/.exec(
          option(call, 'url'),
        )?.[1];
        const changed = state.apps.find((candidate) => candidate.appId === appId);
        if (changed === undefined) throw new Error('Request_ResourceNotFound');
        const { api } = JSON.parse(option(call, 'body')) as { api: Record<string, unknown> };
        if (api['preAuthorizedApplications'] !== undefined && changed.api['oauth2PermissionScopes'] === undefined) {
          throw new Error('InvalidAppPermissionId: the scope is not there yet');
        }
        Object.assign(changed.api, api);
        return undefined;
      }
      const given = JSON.parse(option(call, 'body')) as { principalId: string; appRoleId: string };
      const isThere = state.letIn.some(
        (old) => old.principalId === given.principalId && old.appRoleId === given.appRoleId,
      );
      if (isThere) throw new Error('Permission being assigned already exists on the object');
      state.letIn.push({ ...given, id: `let-in-${state.letIn.length}` });
    },
  },
});
