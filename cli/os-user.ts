import { userInfo } from 'node:os';

/** Who acts, unless `--by` says otherwise. Containers may run under an id without a name. */
export function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env['USER'] ?? `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
