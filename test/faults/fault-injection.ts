import type { Faults } from '../../local/nxt/index.ts';

/** Faults at the ERP: of a hundred requests five lose their answer, five are refused, a few meet something else. */
export function injectFaults(faults: Faults): void {
  for (const on of ['create', 'update'] as const) {
    faults.add(
      { do: 'lose-answer', on, how: 'reset', probability: 0.02 },
      { do: 'lose-answer', on, how: 'gateway-timeout', probability: 0.01 },
      { do: 'lose-answer', on, how: 'hang', probability: 0.005 },
      // Within NXT_DOUBT_SECONDS of having been sent, as the ERP's 59 s are within the default of 90.
      { do: 'land-later', on, how: 'reset', afterMs: 1_500, probability: 0.01 },
      { do: 'land-later', on, how: 'reset', afterMs: 4_000, probability: 0.01 },
    );
  }
  faults.add(
    { do: 'lose-answer', on: 'read', how: 'reset', probability: 0.02 },
    { do: 'status', on: 'any', status: 429, retryAfterSeconds: 1, probability: 0.025 },
    { do: 'status', on: 'any', status: 500, probability: 0.015 },
    { do: 'status', on: 'any', status: 503, probability: 0.01 },
    { do: 'hang', on: 'any', probability: 0.004 },
    { do: 'reset', on: 'any', probability: 0.004 },
    { do: 'expire-token', on: 'any', probability: 0.01 },
    { do: 'outstanding-limit', on: 'any', probability: 0.005 },
  );
}

/** No more faults: rows that the ERP never takes stay refused, and writes that were lost still land. */
export function stopFaults(faults: Faults, refuses: (name: string) => boolean): void {
  faults.clear();
  faults.refuseRows((row) => refuses(row.name));
}
