import type { Rows } from '../../store/index.ts';
import { NXT_BUDGET } from './budget-row.ts';
import { EMPTY, fromEntity } from './state.ts';

/** How much of the app's share of the ERP's limit all instances together use now. */
export interface InUse {
  /** Places among the requests in progress; also those kept for the next request, or of requests without an answer. */
  readonly taken: number;
  /** Instances that wait for one. */
  readonly waiting: number;
}

/** One storage request. @param now milliseconds */
export async function readInUse(control: Pick<Rows, 'get'>, now: number): Promise<InUse> {
  const stored = await control.get(NXT_BUDGET, (entity) => ({ row: fromEntity(entity), etag: entity.etag }));
  const live = (stored?.row ?? EMPTY).places.filter(({ until }) => until > now);
  const waiting = live.filter(({ waitingSince }) => waitingSince !== undefined).length;
  return { taken: live.length - waiting, waiting };
}
