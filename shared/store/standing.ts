/**
 * - `due`: to be tried, by a message that is on its way or by the sweep;
 * - `waiting`: tried, and put off: for its customer, or until a time;
 * - `planned`: decided in plan mode, and not written;
 * - `failed`: listed for a person.
 */
export type PendingStatus = (typeof PENDING_STATUSES)[number];

export const PENDING_STATUSES = ['due', 'waiting', 'planned', 'failed'] as const;

/** The two columns that say where a pending change stands; they are only moved together. */
export type Standing =
  | { readonly status: Exclude<PendingStatus, 'failed'>; readonly failure: '' }
  | { readonly status: 'failed'; readonly failure: string };

export const DUE: Standing = { status: 'due', failure: '' };
export const WAITING: Standing = { status: 'waiting', failure: '' };
export const PLANNED: Standing = { status: 'planned', failure: '' };
export const failedWith = (failure: string): Standing => ({ status: 'failed', failure });

/** Work to be done, now or later: neither planned nor for a person. */
export const isOpen = ({ status }: { readonly status: PendingStatus }): boolean =>
  status === 'due' || status === 'waiting';
