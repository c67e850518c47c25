export interface Assignment {
  readonly id: string;
  readonly name: string;
  readonly scope: string;
  readonly principalId: string;
  readonly roleDefinitionName: string;
  readonly principalType: string;
  condition: string | null;
  conditionVersion: string | null;
}

export interface AzState {
  identities: Record<string, { principalId: string; clientId: string; trusted: Record<string, string> }>;
  roles: { id: string; name: string; roleName: string; assignableScopes: string[]; permissions: unknown }[];
  assignments: Assignment[];
  apps: {
    appId: string;
    displayName: string;
    roles: string;
    redirect: string;
    trusted: Record<string, string>;
    api: Record<string, unknown>;
  }[];
  services: { id: string; appId: string }[];
  letIn: { id: string; principalId: string; appRoleId: string }[];
  /** How often a new principal is not yet known. */
  unknownPrincipals: number;
  /** Outputs of the deployment; null: there is none. */
  outputs: Record<string, unknown> | null;
  /** What `config-zip` says, one after the other; then it succeeds. */
  zipRefusals: string[];
}

/** What Azure has before anything was done. */
export const emptyAz = (): AzState => ({
  identities: {},
  roles: [],
  assignments: [],
  apps: [],
  services: [],
  letIn: [],
  unknownPrincipals: 0,
  outputs: {
    functionAppName: 'func-x',
    baseUrl: 'https://func-x.azurewebsites.net',
    identityPrincipalId: 'principal-x',
    nextSteps: ['one', 'two'],
  },
  zipRefusals: [],
});
