import { createSign } from 'node:crypto';
import * as z from 'zod';
import { createCrmHttp, expectShape, type CrmApiDeps, type CrmHttp } from '../../crm/index.ts';
import { Failure } from '../../failure.ts';
import type { AdapterSettings } from '../adapter-settings.ts';

// How a service signs in to SuperOffice CRM Online: the system user.
// https://docs.superoffice.com/en/authentication/online/auth-application/get-system-user-ticket.html

const TICKET = 'http://schemes.superoffice.net/identity/ticket';
/** A ticket is good for six hours. */
const TICKET_MS = 5 * 3_600_000;

const answer = z.object({ IsSuccessful: z.boolean(), Token: z.string().nullish() });

export interface SignIn {
  headers(): Promise<Readonly<Record<string, string>>>;
  /** SuperOffice refuses them: the next request signs in anew. */
  forget(): void;
}

/** With a tenant: its system user. Without one: a bearer token from the settings. */
export function createSignIn(settings: AdapterSettings, deps: CrmApiDeps): SignIn {
  const { SUPEROFFICE_CONTEXT_ID: context, SUPEROFFICE_LOGIN_URL: login } = settings;
  if (context === undefined) {
    return {
      headers: async () => ({ authorization: `Bearer ${await deps.token()}` }),
      forget: () => deps.forgetToken(),
    };
  }
  const http = createCrmHttp({
    gate: deps.gate(60),
    signIn: async () => ({}),
    forgetSignIn: () => deps.forgetToken(),
    ...(deps.fetch && { fetch: deps.fetch }),
  });
  let ticket: { readonly text: Promise<string>; readonly until: number } | null = null;
  return {
    async headers() {
      if (ticket === null || ticket.until <= deps.now()) {
        ticket = { text: signIn(http, login, context, deps), until: deps.now() + TICKET_MS };
      }
      const current = ticket;
      try {
        const text = await current.text;
        return { authorization: `SOTicket ${text}`, 'so-apptoken': await deps.secret('superoffice-client-secret') };
      } catch (error) {
        if (ticket === current) ticket = null;
        throw error;
      }
    },
    forget() {
      ticket = null;
      deps.forgetToken();
    },
  };
}

async function signIn(http: CrmHttp, login: string, context: string, { secret, now }: CrmApiDeps): Promise<string> {
  const [application, token, key] = await Promise.all([
    secret('superoffice-client-secret'),
    secret('superoffice-system-user-token'),
    secret('superoffice-private-key'),
  ]);
  const response = await http({
    method: 'POST',
    url: `${login.replace(/\/+$/, '')}/Login/api/PartnerSystemUser/Authenticate`,
    json: {
      SignedSystemToken: signedToken(token, key, now()),
      ApplicationToken: application,
      ContextIdentifier: context,
      ReturnTokenType: 'JWT',
    },
  });
  const { IsSuccessful, Token } = expectShape(response, answer);
  const ticket = IsSuccessful ? ticketIn(Token ?? '') : null;
  if (ticket === null) throw new Failure('crm.unauthorized', { detail: 'SuperOffice refuses the system user' });
  return ticket;
}

/** `<token>.<UTC minute>.<signature>`: https://docs.superoffice.com/en/authentication/online/auth-application/sign-system-user-token.html */
export function signedToken(token: string, privateKey: string, now: number): string {
  const minute = new Date(now).toISOString().replace(/[-:T]/g, '').slice(0, 12);
  const data = `${token}.${minute}`;
  try {
    // In a setting a line break is written as \n.
    const signature = createSign('SHA256').update(data).sign(privateKey.replaceAll('\\n', '\n'), 'base64');
    return `${data}.${signature}`;
  } catch {
    throw new Failure('settings.invalid', { detail: 'superoffice-private-key: an RSA key in PEM' });
  }
}

/** The answer came over TLS from the login server that the settings name; the ticket is its word. */
function ticketIn(jwt: string): string | null {
  try {
    const claims: unknown = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return z.object({ [TICKET]: z.string() }).parse(claims)[TICKET];
  } catch {
    return null;
  }
}
