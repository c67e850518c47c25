import type { EditedField } from './edit-fields.ts';

export type Side = 'crm' | 'erp';

/** What a person entered. */
export interface Edit {
  readonly id: number;
  readonly side: Side;
  /** `''`: emptied. */
  readonly value: string;
  /** Edits whose values had stood there by then: what the person could know. */
  readonly knows: ReadonlySet<number>;
}

/** What the program wrote. */
export interface Write {
  readonly to: Side;
  readonly value: string;
  /** Whose value it is; null: nobody's since the records were first in sync. */
  readonly of: Edit | null;
  /** What stood there before; null: what was first in sync. */
  readonly over: Edit | null;
}

/** All that happened to one field on both sides, in the order it happened there. */
export class FieldTrace {
  readonly field: EditedField;
  readonly edits: Edit[] = [];
  /** For a person who looks for the mistake. */
  readonly story: string[] = [];
  readonly writes: Write[] = [];
  readonly last: Record<Side, Edit | null> = { crm: null, erp: null };
  /** Whose value stands there now. */
  readonly stands: Record<Side, Edit | null> = { crm: null, erp: null };
  readonly #stood: Record<Side, Set<number>> = { crm: new Set(), erp: new Set() };
  /** Both sides had changed it differently, so that a person may have been asked; and they have not agreed since. */
  mayBeAsked = false;
  /** People entered one value on both sides: nobody but them can know it before it has been seen there. */
  wasSameByChance = false;
  #isSameByChance = false;
  readonly #isAsked: (trace: FieldTrace) => boolean;

  constructor(field: EditedField, isAsked: (trace: FieldTrace) => boolean) {
    this.field = field;
    this.#isAsked = isAsked;
  }

  edit(id: number, side: Side, value: string): void {
    const edit: Edit = { id, side, value, knows: new Set(this.#stood[side]) };
    this.edits.push(edit);
    this.story.push(`${side}: ${JSON.stringify(value)}`);
    this.last[side] = edit;
    this.#put(side, edit);
  }

  write(to: Side, value: string): void {
    const of = this.edits.findLast((edit) => edit.side !== to && this.field.same(edit.value, value)) ?? null;
    this.story.push(`written to ${to}: ${JSON.stringify(value)}`);
    this.writes.push({ to, value, of, over: this.stands[to] });
    this.#put(to, of);
  }

  #put(side: Side, edit: Edit | null): void {
    this.stands[side] = edit;
    if (edit) this.#stood[side].add(edit.id);
    const { crm, erp } = this.stands;
    const isSame = crm === erp || (crm !== null && erp !== null && this.field.same(crm.value, erp.value));
    const wasSameByChance = this.#isSameByChance;
    this.#isSameByChance = isSame && crm !== erp;
    this.wasSameByChance ||= this.#isSameByChance;
    // Whoever comes later knows both edits.
    if (isSame)
      for (const each of [crm, erp]) if (each) for (const stood of Object.values(this.#stood)) stood.add(each.id);
    this.mayBeAsked = !isSame && (this.mayBeAsked || wasSameByChance || this.#isAsked(this));
  }
}

/** Whether the later of two edits was made by one who could know the other. */
export const knew = (later: Edit, earlier: Edit): boolean => later.knows.has(earlier.id);
