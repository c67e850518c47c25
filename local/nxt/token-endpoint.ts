import type { IncomingMessage } from 'node:http';
import { breakConnection, clientGone, readBody, sendGatewayPage, sendJson } from './http.ts';
import type { Handler, Sandbox } from './state.ts';
import { READ_ONLY_SCOPE, READ_WRITE_SCOPE } from './tokens.ts';

type Refusal = 'invalid_client' | 'invalid_scope' | 'unauthorized_client' | 'unsupported_grant_type';

interface Credentials {
  readonly id: string | null;
  readonly secret: string | null;
}

/** HTTP Basic or form fields; both are in use (verified). */
function credentialsOf(request: IncomingMessage, form: URLSearchParams): Credentials {
  const basic = /^Basic (?<code>.+)$/u.exec(request.headers.authorization ?? '')?.groups?.['code'];
  if (basic === undefined) return { id: form.get('client_id'), secret: form.get('client_secret') };
  const [id = '', ...secret] = Buffer.from(basic, 'base64').toString().split(':');
  return { id: decodeURIComponent(id), secret: decodeURIComponent(secret.join(':')) };
}

function refusalOf(
  request: IncomingMessage,
  form: URLSearchParams,
  { settings, tokens }: Sandbox,
): Refusal | undefined {
  const { id, secret } = credentialsOf(request, form);
  if (form.get('grant_type') !== 'client_credentials') return 'unsupported_grant_type';
  if (id !== settings.clientId || secret !== tokens.clientSecret) return 'invalid_client';
  return [READ_WRITE_SCOPE, READ_ONLY_SCOPE].includes(form.get('scope') ?? '') ? undefined : 'invalid_scope';
}

/** `POST /connect/token`, the client-credentials grant. */
export function tokenEndpoint(sandbox: Sandbox): Handler {
  const { settings, tokens, faults, requests } = sandbox;
  return async (request, response) => {
    const entry = requests.token(settings.clock.now());
    const form = new URLSearchParams(await readBody(request));
    const fault = faults.strike(['token']);
    if (fault !== undefined) entry.fault = fault.do;
    switch (fault?.do) {
      case 'status':
        entry.outcome = fault.status;
        sendGatewayPage(response, fault.status, retryAfter(fault.retryAfterSeconds));
        return;
      case 'hang':
        entry.outcome = 'hang';
        await clientGone(response);
        return;
      case 'reset':
      case 'lose-answer':
      case 'land-later':
        entry.outcome = 'reset';
        breakConnection(response);
        return;
      default:
    }
    const error = fault?.do === 'refuse-token' ? fault.error : refusalOf(request, form, sandbox);
    entry.outcome = error === undefined ? 200 : 400;
    if (error !== undefined) {
      sendJson(response, 400, { error });
      return;
    }
    const scope = form.get('scope') ?? '';
    sendJson(response, 200, {
      access_token: tokens.issue(scope),
      expires_in: settings.tokenSeconds,
      token_type: 'Bearer',
      scope,
    });
  };
}

export const retryAfter = (seconds: number | undefined): Record<string, string> =>
  seconds === undefined ? {} : { 'retry-after': String(seconds) };
