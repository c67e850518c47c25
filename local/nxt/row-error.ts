/**
 * Why a row is refused. `PrimaryKeyAssignmentFailed` (3) is a verified pair; Visma publishes no list, so the other
 * numbers and names stand in for whatever the backend says.
 */
const STATUS = {
  PrimaryKeyAssignmentFailed: 3,
  ValueAlreadyInUse: 7,
  ValueTooLong: 8,
  IllegalValue: 9,
  NoSuggestion: 10,
  IntervalFull: 11,
  ReadOnly: 12,
  RowReferenced: 13,
  RowRefused: 14,
} as const;

export type StatusName = keyof typeof STATUS;

const NORWEGIAN: Readonly<Record<StatusName, string>> = {
  PrimaryKeyAssignmentFailed: 'En post med samme primærnøkkel finnes allerede.',
  ValueAlreadyInUse: 'Verdien er allerede i bruk',
  ValueTooLong: 'Verdien er for lang.',
  IllegalValue: 'Ugyldig verdi.',
  NoSuggestion: 'Ingen verdi kan foreslås.',
  IntervalFull: 'Det er ingen ledige nummer i intervallet.',
  ReadOnly: 'Feltet kan ikke endres.',
  RowReferenced: 'Posten er i bruk av en annen.',
  RowRefused: 'Posten ble avvist.',
};

export class RowError extends Error {
  override readonly name = 'RowError';
  readonly statusName: StatusName;

  constructor(statusName: StatusName, message: string) {
    super(message);
    this.statusName = statusName;
  }

  get norwegian(): string {
    return NORWEGIAN[this.statusName];
  }

  /** Verified shape: `extensions.data.status` and `status_name`. */
  get extensions(): { readonly data: { readonly status: number; readonly status_name: StatusName } } {
    return { data: { status: STATUS[this.statusName], status_name: this.statusName } };
  }
}
