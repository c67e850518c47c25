import { expect, test } from 'vitest';
import { readSignIn, signInRequest, withSignIn } from '../../../local/functions-host/sign-in.ts';

const FORGED = Buffer.from('{"auth_typ":"aad","claims":[]}').toString('base64');

function arrive(host: string, environment: Readonly<Record<string, string>>) {
  const headers = { host, 'x-ms-client-principal': FORGED, 'x-ms-client-principal-name': 'root', accept: '*/*' };
  const rawHeaders = [
    'Host',
    host,
    'X-MS-CLIENT-PRINCIPAL',
    FORGED,
    'x-Ms-Client-Principal-Name',
    'root',
    'Accept',
    '*/*',
  ];
  const request = { headers: { ...headers } as Record<string, string>, rawHeaders };
  signInRequest(request, readSignIn(environment));
  return request;
}

const claimsOf = (header = ''): string => Buffer.from(header, 'base64').toString('utf8');

test('with nobody signed in the environment and the request stay as they are', () => {
  const environment = { A: '1' };
  expect(withSignIn(environment)).toBe(environment);
  expect(arrive('127.0.0.1:7071', environment).headers['x-ms-client-principal']).toBe(FORGED);
});

test('with somebody signed in, what a caller wrote is taken away and the host’s own word put there', () => {
  const environment = { HOST_SIGN_IN: 'kari' };
  expect(withSignIn(environment)).toMatchObject({ WEBSITE_AUTH_ENABLED: 'True', CONSOLE_CLIENT_ID: 'local' });
  const { headers, rawHeaders } = arrive('127.0.0.1:7071', environment);
  expect(claimsOf(headers['x-ms-client-principal'])).toMatch(/kari.*operator/);
  expect(headers).not.toHaveProperty('x-ms-client-principal-name');
  expect(rawHeaders).not.toContain(FORGED);
  expect(rawHeaders.filter((each) => each.toLowerCase() === 'x-ms-client-principal')).toHaveLength(1);
  expect(claimsOf(arrive('localhost', { HOST_SIGN_IN: 'kari:reader' }).headers['x-ms-client-principal'])).toMatch(
    /reader/,
  );
});

test('under a name that is not this machine’s nobody is signed in, whatever the header says', () => {
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil.example:7071', '']) {
    expect(arrive(host, { HOST_SIGN_IN: 'kari' }).headers).not.toHaveProperty('x-ms-client-principal');
  }
});
