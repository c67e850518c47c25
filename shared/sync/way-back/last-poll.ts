import * as z from 'zod';
import type { Rows } from '../../store/index.ts';

/** Up to when rows that changed in the ERP have been looked for, by whichever instance. */
export interface LastPoll {
  /** When the last poll that read everything began: UTC ISO 8601; null when there was none. */
  read(): Promise<string | null>;
  set(beganAt: string): Promise<void>;
}

const at = { partitionKey: 'poll', rowKey: 'last' };
const columns = z.object({ beganAt: z.string() });

/** @param rows the table `control`. */
export const createLastPoll = (rows: Pick<Rows, 'get' | 'save'>): LastPoll => ({
  async read() {
    const found = await rows.get(at, (entity) => ({ etag: entity.etag, row: columns.parse(entity) }));
    return found?.row.beganAt ?? null;
  },
  async set(beganAt) {
    await rows.save([{ do: 'put', at, row: { beganAt } }]);
  },
});
