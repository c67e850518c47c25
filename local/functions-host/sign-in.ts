import type { IncomingMessage } from 'node:http';

type Environment = Readonly<Record<string, string | undefined>>;

/** Client id and tenant of the stand-in's sign-in: no such application exists, so they are worth nothing elsewhere. */
const LOCAL = 'local';

const HEADER = 'x-ms-client-principal';

/** Who is signed in, as App Service authentication would say it; null where nobody is. */
export interface SignIn {
  readonly principal: string;
}

/**
 * `HOST_SIGN_IN`: `<name>`, or `<name>:reader`. What App Service authentication is in Azure: whoever reaches this host on
 * the machine's own address is that person. Unset: authentication is off, as in an app without it.
 */
export function readSignIn(environment: Environment): SignIn | null {
  const given = environment['HOST_SIGN_IN'] ?? '';
  if (given === '') return null;
  const [, name = given, role = 'operator'] = /^(.+):(reader|operator)$/.exec(given) ?? [];
  const claims = [
    { typ: 'aud', val: LOCAL },
    { typ: 'tid', val: LOCAL },
    { typ: 'preferred_username', val: name },
    { typ: 'roles', val: role },
  ];
  return { principal: Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64') };
}

/** The settings that the platform puts into the app's environment; the same environment where nobody is signed in. */
export const withSignIn = (environment: Environment): Environment =>
  readSignIn(environment) === null
    ? environment
    : { ...environment, WEBSITE_AUTH_ENABLED: 'True', CONSOLE_CLIENT_ID: LOCAL, CONSOLE_TENANT_ID: LOCAL };

/**
 * The platform's part at each request: what a caller wrote into its headers is taken away, and its own word put there.
 * Only under a name of this machine: another name that leads here belongs to a page elsewhere.
 */
export function signInRequest(request: Pick<IncomingMessage, 'headers' | 'rawHeaders'>, signIn: SignIn | null): void {
  if (signIn === null) return;
  const kept: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = request.rawHeaders.slice(at, at + 2);
    if (name.toLowerCase().startsWith(HEADER)) Reflect.deleteProperty(request.headers, name.toLowerCase());
    else kept.push(name, value);
  }
  if (/^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i.test(request.headers.host ?? '')) {
    kept.push(HEADER, signIn.principal);
    request.headers[HEADER] = signIn.principal;
  }
  request.rawHeaders.splice(0, request.rawHeaders.length, ...kept);
}
