import { randomUUID } from 'node:crypto';
import type { Settings } from './options.ts';

export const READ_WRITE_SCOPE = 'business-graphql-service-api:access-group-based';
export const READ_ONLY_SCOPE = `${READ_WRITE_SCOPE}-readonly`;

export interface Token {
  readonly clientId: string;
  readonly scope: string;
  readonly expiresAt: number;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Access tokens given out; they look like a JWT and carry `aud`, as Visma's do (verified), but are not signed. */
export class Tokens {
  readonly #settings: Settings;
  readonly #audience: () => string;
  readonly #valid = new Map<string, Token>();
  clientSecret: string;

  constructor(settings: Settings, audience: () => string) {
    this.#settings = settings;
    this.#audience = audience;
    this.clientSecret = settings.clientSecret;
  }

  issue(scope: string, seconds = this.#settings.tokenSeconds): string {
    const { clock, clientId } = this.#settings;
    const expiresAt = clock.now() + seconds * 1000;
    const claims = { aud: this.#audience(), client_id: clientId, scope: [scope], jti: randomUUID() };
    const token = `${part({ alg: 'none' })}.${part(claims)}.${part({})}`;
    this.#valid.set(token, { clientId, scope, expiresAt });
    return token;
  }

  find(token: string): Token | undefined {
    const found = this.#valid.get(token);
    return found !== undefined && found.expiresAt > this.#settings.clock.now() ? found : undefined;
  }

  expire(token: string): void {
    this.#valid.delete(token);
  }

  expireAll(): void {
    this.#valid.clear();
  }
}
