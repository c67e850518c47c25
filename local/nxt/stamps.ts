import type { RowSeed } from './columns.ts';

const norwegian = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** The server's local time without zone (verified), as `2026-11-21T09:00:00`. */
const localTime = (at: number) => norwegian.format(at).replace(' ', 'T');

/** Dates are yyyymmdd and times hhmm, both Int (verified). */
const dateOf = (local: string) => Number(local.slice(0, 10).replaceAll('-', ''));
const timeOf = (local: string) => Number(local.slice(11, 16).replace(':', ''));

/** A service's client id stands as the user (verified). The `changed…` columns stay empty until the row is touched. */
export function createdStamps(at: number, user: string): RowSeed {
  const local = localTime(at);
  return {
    createdDate: dateOf(local),
    createdTime: timeOf(local),
    createdDateTime: local,
    createdTimestamp: local,
    createdByUser: user,
  };
}

export function changedStamps(at: number, user: string): RowSeed {
  const local = localTime(at);
  return {
    changedDate: dateOf(local),
    changedTime: timeOf(local),
    changedDateTime: local,
    changedTimestamp: local,
    changedByUser: user,
  };
}
