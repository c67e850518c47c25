import { writeBack } from '../../../shared/crm/index.ts';
import type { RecordRef } from '../../../shared/record/index.ts';
import { applyChange, writeFields } from '../../../shared/sync/index.ts';
import { killableErp, killableQueues, killableRows, Life } from '../../faults/killable.ts';
import type { World } from '../../kit/world.ts';

/**
 * A process of its own applies a record and tells the CRM its numbers and fields, and is killed on the way: before or after an
 * effect on storage, the ERP or the CRM.
 * @param at 0 and 1: before and after the first effect, and so on.
 */
export async function die(world: World, ref: RecordRef, at: number): Promise<void> {
  const life = new Life(1 + Math.floor(at / 2), at % 2 === 0 ? 'before' : 'after');
  const {
    erp,
    sync,
    writeBack: back,
  } = world.process((ports) => ({
    ...ports,
    table: (name) => killableRows(ports.table(name), life),
    queues: killableQueues(ports.queues, life),
    crmFetch: (...request) => life.effect(() => ports.crmFetch(...request)),
  }));
  try {
    await applyChange({ ...sync, erp: killableErp(erp, life) }, ref);
    await writeBack(back, ref);
    await writeFields({ sync: { ...sync, erp: killableErp(erp, life) }, writeBack: back }, ref);
  } catch (error) {
    if (!life.isOver) throw error;
  }
}
