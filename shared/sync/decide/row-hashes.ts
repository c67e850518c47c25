import { carried, WRITTEN_FIELDS, type Kind } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Personal } from '../../privacy/index.ts';
import type { StateRow } from '../../store/index.ts';
import { textsOfRow } from './row-texts.ts';

export interface HashDeps {
  /** Keyed hash of a field's canonical text. */
  readonly hash: (field: string, text: string) => Promise<string>;
}

export interface Found {
  /** Which of the field's columns. */
  readonly at: number;
  readonly hash: string;
  /** False: one address of several. */
  readonly isWhole: boolean;
  readonly isCarried: boolean;
}

/** What the row holds in a field's columns. */
export async function hashesIn(
  deps: HashDeps,
  kind: Kind,
  field: string,
  row: AssociateRow,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const [at, text] of textsOfRow(field, row).entries()) {
    const value = carried(kind, field, text);
    const hash = await deps.hash(field, value?.canonical ?? `\0${text}`);
    found.push({ at, hash, isWhole: true, isCarried: value !== null });
    if (field !== 'emailAddress') continue;
    for (const part of text.split(/[;,\s]+/u).filter((each) => each !== '' && each !== text)) {
      const one = carried(kind, field, part);
      if (one) found.push({ at, hash: await deps.hash(field, one.canonical), isWhole: false, isCarried: true });
    }
  }
  return found;
}

/** What stands in the field's own column: of the phone's two the one that held the number last. */
export function ownOf(
  found: readonly Found[],
  field: string,
  phoneColumn: StateRow['wayBack']['phoneColumn'],
): Found | undefined {
  const column = field === 'phoneNumber' && phoneColumn === 'mobilePhone' ? 1 : 0;
  return found.find(({ at, isWhole }) => isWhole && at === column);
}

/** Where the ERP's text of a field is not what the CRM had, by field: the ERP's side of the base. */
export async function erpBase(
  deps: HashDeps,
  kind: Kind,
  hashes: StateRow['hashes'],
  row: AssociateRow,
): Promise<Readonly<Record<string, string>>> {
  const pairs = await Promise.all(
    WRITTEN_FIELDS[kind]
      .filter((field) => hashes[field] !== undefined)
      .map(async (field) => {
        const found = await hashesIn(deps, kind, field, row);
        const isSame = found.some(({ hash }) => hash === hashes[field]);
        const [own] = found;
        return isSame || own === undefined ? [] : [[field, own.hash] as const];
      }),
  );
  return Object.fromEntries(pairs.flat());
}

/** Which of the ERP's columns holds the phone number with this hash; null when neither does. */
export async function columnOf(
  deps: HashDeps,
  hash: string,
  row: AssociateRow,
): Promise<'phone' | 'mobilePhone' | null> {
  const found = await hashesIn(deps, 'contact', 'phoneNumber', row);
  const at = found.find((each) => each.hash === hash)?.at;
  return at === undefined ? null : at === 0 ? 'phone' : 'mobilePhone';
}

/** The value of a field in the ERP's row, as the CRM is told it, where its hash is the given one. */
export async function valueToSend(
  deps: HashDeps,
  kind: Kind,
  field: string,
  row: AssociateRow,
  wanted: string,
): Promise<Personal | null> {
  for (const text of textsOfRow(field, row)) {
    const value = carried(kind, field, text);
    if (value !== null && (await deps.hash(field, value.canonical)) === wanted) return value.text;
  }
  return null;
}
