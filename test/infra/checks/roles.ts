import type { Deployment } from '../deployments.ts';
import { at, ofType, scopeOf, textAt } from './read.ts';

/** Each right of the app's identity: where, and the role's id. docs/privacy.md says what each lets it see. */
export const INTENDED = [
  ['storageAccounts', 'Storage Blob Data Owner', 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'],
  ['storageAccounts', 'Storage Queue Data Contributor', '974c5e8b-45b9-4653-ba55-5f855dd0fb88'],
  ['storageAccounts', 'Storage Table Data Contributor', '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'],
  ['vaults', 'Key Vault Secrets User', '4633458b-17de-408a-b874-0445c86b69e6'],
  ['components', 'Monitoring Metrics Publisher', '3913510d-42f4-4e42-8a64-420c390055eb'],
] as const;

/** Exactly the intended roles, each on one resource and for the app's identity. */
export function findRoleProblems(deployment: Deployment): string[] {
  const given = ofType(deployment, 'Microsoft.Authorization/roleAssignments').map((assignment) => {
    const role = textAt(assignment, 'properties.roleDefinitionId').split('/').at(-1) ?? '';
    const person = at(assignment, 'properties.principalType') !== 'ServicePrincipal';
    return { on: scopeOf(assignment).split('/').at(-2) ?? '', role, person };
  });
  const missing = INTENDED.filter(([on, , id]) => !given.some((role) => role.on === on && role.role === id));
  const extra = given.filter((role) => !INTENDED.some(([on, , id]) => role.on === on && role.role === id));
  const twice = given.length - extra.length > INTENDED.length - missing.length;
  return [
    ...missing.map(([on, name]) => `${name} on ${on} is missing`),
    ...extra.map(({ on, role }) => `the role ${role} on ${on} is not intended`),
    ...(twice ? ['a role is given twice'] : []),
    ...given.filter(({ person }) => person).map(({ role }) => `${role} is not given to a service`),
  ];
}
