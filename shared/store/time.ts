/** Time as the ledger keeps it: ISO 8601, UTC, so that texts compare as times do. */
export const iso = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Later than any sweep: what waits for a person is due then. */
export const NEVER = '9999-12-31T00:00:00.000Z';
