import { timingSafeEqual } from 'node:crypto';

/** A form may be sent for so long after its page was made: a working day with the page left open. */
const PERIOD_MS = 12 * 3_600_000;

export interface FormTokens {
  /** Goes into every form that changes something. */
  issue(name: string): Promise<string>;
  /** Whether this person's page made the form, not longer ago than a day. */
  accepts(token: string, name: string): Promise<boolean>;
}

interface FormTokenDeps {
  /** Keyed hash, by a key that never leaves the app. */
  readonly hash: (field: string, text: string) => Promise<string>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** No state: the token is a keyed hash of whose it is and when, so that every instance knows every instance's. */
export function createFormTokens({ hash, now }: FormTokenDeps): FormTokens {
  const period = () => Math.floor(now() / PERIOD_MS);
  const tokenOf = (name: string, at: number) => hash('console.form', `${name}\n${at}`);
  return {
    issue: (name) => tokenOf(name, period()),
    async accepts(token, name) {
      for (const at of [period(), period() - 1]) if (isSame(token, await tokenOf(name, at))) return true;
      return false;
    },
  };
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
