import * as z from 'zod';
import type { Environment } from '../settings.ts';

/** `reader` may look, `operator` may also act. */
export type Role = 'reader' | 'operator';

/** Somebody who may use the console or its API, as the platform vouches for. */
export interface Caller {
  /** For the audit list: an account's name, or what kind of key was shown. */
  readonly name: string;
  readonly role: Role;
}

/** `unknown`: nobody whom the platform vouches for. `no-role`: signed in, and has neither role. */
export type Access = Caller | 'unknown' | 'no-role';

const principal = z.object({
  auth_typ: z.literal('aad'),
  role_typ: z.string().optional(),
  claims: z.array(z.object({ typ: z.string(), val: z.string() })),
});
type Claims = z.infer<typeof principal>['claims'];

const TENANT = ['tid', 'http://schemas.microsoft.com/identity/claims/tenantid'];
const ROLES = ['roles', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'];
const NAMES = [
  'preferred_username',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
  'upn',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
  'name',
  'appid',
  'azp',
];

/**
 * Who asks, from `X-MS-CLIENT-PRINCIPAL`. App Service writes that header, and takes away what a caller wrote, only while
 * its authentication is on; then it also sets `WEBSITE_AUTH_ENABLED`, which nobody else may
 * (https://learn.microsoft.com/azure/app-service/reference-app-settings). Without that, without a client id or without
 * the tenant, nobody is known. The claims are checked again all the same: the token was made for this console
 * (audience), by this company's directory (tenant), and gives a role.
 */
export function whoAsks(header: string | null, environment: Environment): Access {
  const clientId = environment['CONSOLE_CLIENT_ID'] ?? '';
  const tenantId = tenantOf(environment);
  const isOn = /^true$/i.test(environment['WEBSITE_AUTH_ENABLED'] ?? '');
  if (!isOn || clientId === '' || tenantId === '' || header === null) return 'unknown';
  const read = decode(header);
  if (!read) return 'unknown';
  const { claims, role_typ: roleType } = read;
  const isForUs = valuesOf(claims, ['aud']).some((each) => each === clientId || each === `api://${clientId}`);
  const isOurs = valuesOf(claims, TENANT).includes(tenantId);
  if (!isForUs || !isOurs) return 'unknown';
  const roles = valuesOf(claims, roleType === undefined ? ROLES : [...ROLES, roleType]);
  const role = roles.includes('operator') ? 'operator' : roles.includes('reader') ? 'reader' : null;
  if (role === null) return 'no-role';
  return { name: valuesOf(claims, NAMES)[0] ?? 'unnamed', role };
}

/** `CONSOLE_TENANT_ID`, else the directory of the issuer that the platform checks tokens by. */
function tenantOf(environment: Environment): string {
  const given = environment['CONSOLE_TENANT_ID'] ?? '';
  if (given !== '') return given;
  const [, tenant = ''] =
    /^https:\/\/[^/]+\/([0-9a-f-]{36})\//i.exec(environment['WEBSITE_AUTH_OPENID_ISSUER'] ?? '') ?? [];
  return tenant;
}

function decode(header: string): z.infer<typeof principal> | null {
  try {
    const read = principal.safeParse(JSON.parse(Buffer.from(header, 'base64').toString('utf8')));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

/** In the order of the types. */
const valuesOf = (claims: Claims, types: readonly string[]): readonly string[] =>
  types.flatMap((type) => claims.filter(({ typ }) => typ === type).map(({ val }) => val)).filter((val) => val !== '');
