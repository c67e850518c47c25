import path from 'node:path';
import { openConsole } from '../../../shared/console/index.ts';
import type { World } from '../../kit/world.ts';

const TENANT = '11111111-1111-4111-8111-111111111111';
const CLIENT = '22222222-2222-4222-8222-222222222222';
const ORIGIN = 'https://func.example';

/** As App Service sets it where authentication is on. */
export const SIGN_IN_ON = { WEBSITE_AUTH_ENABLED: 'True', CONSOLE_CLIENT_ID: CLIENT, CONSOLE_TENANT_ID: TENANT };

interface Claims {
  readonly aud?: string;
  readonly tid?: string;
  readonly roles?: readonly string[];
  readonly name?: string;
}

/** `X-MS-CLIENT-PRINCIPAL` of somebody of this company, for this console. */
export function principal({
  aud = CLIENT,
  tid = TENANT,
  roles = ['operator'],
  name = 'kari@example.no',
}: Claims = {}): string {
  const claims = [
    { typ: 'aud', val: aud },
    { typ: 'http://schemas.microsoft.com/identity/claims/tenantid', val: tid },
    { typ: 'preferred_username', val: name },
    ...roles.map((val) => ({ typ: 'roles', val })),
  ];
  return Buffer.from(JSON.stringify({ auth_typ: 'aad', claims })).toString('base64');
}

export interface Site {
  /** A request as it reaches the function, header by header. */
  send(path: string, init?: RequestInit): Promise<Response>;
  /** A page as the signed-in person's browser asks for it. */
  get(path: string, language?: string): Promise<string>;
  /** A form as that browser sends it from the console's own page, with the page's token. */
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<Response>;
}

interface SiteOptions {
  readonly who?: Claims;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The console of a world, with somebody signed in. */
export function openSite(world: Pick<World, 'engine'>, { who, environment = SIGN_IN_ON }: SiteOptions = {}): Site {
  const bugs: unknown[] = [];
  const answer = openConsole(world.engine, {
    environment,
    folder: path.join(import.meta.dirname, '../../../dist'),
    onBug: (error) => bugs.push(error),
  });
  const headers = { accept: 'text/html', 'x-ms-client-principal': principal(who) };
  const send: Site['send'] = async (to, init = {}) => {
    const response = await answer(new Request(`${ORIGIN}${to}`, init), 'sign-in');
    if (bugs.length > 0) throw bugs[0];
    return response;
  };
  const get: Site['get'] = async (to, language = 'en') =>
    (await send(`/api/ops${to}`, { headers: { ...headers, 'accept-language': language } })).text();
  return {
    send,
    get,
    async post(to, fields = {}) {
      const [, token = ''] = /name="token" value="([^"]+)"/.exec(await get('/find')) ?? [];
      return send(`/api/ops${to}`, {
        method: 'POST',
        headers: { ...headers, 'accept-language': 'en', origin: ORIGIN, 'sec-fetch-site': 'same-origin' },
        body: new URLSearchParams({ token, ...fields }),
      });
    },
  };
}
