import { expect, test } from 'vitest';
import type { Gate } from '../../../shared/erp/index.ts';
import { manualClock } from './manual-clock.ts';
import { associateNo, codeOf, customer, openSandbox, yes } from './support.ts';
import type { Fate } from '../../../shared/erp/limits/gate.ts';

/** A gate that is always open and notes what becomes of its passes. */
function openGate(start: () => Promise<void> = async () => undefined) {
  const fates: Fate[] = [];
  let entered = 0;
  const gate: Gate = {
    enter: async () => {
      entered += 1;
      return { start, leave: (fate) => fates.push(fate) };
    },
    slowDown: () => undefined,
  };
  return { gate, fates, entered: () => entered };
}

test('every pass is given back exactly once, whatever happens', async () => {
  const { gate, fates, entered } = openGate();
  await using erp = await openSandbox({ rows: [{ name: 'A' }] }, {}, { gate });
  await erp.associates.find({ associateNo: 1 });
  await erp.associates.create(customer(), async () => false);
  await erp.associates.find({ externalId: '' });
  erp.sandbox.faults.refuseRows((row) => row.name === 'bad');
  await codeOf(erp.associates.create(customer({ name: 'bad' }), yes));
  erp.sandbox.faults.add({ on: 'token', do: 'refuse-token', error: 'invalid_scope' });
  erp.sandbox.expireTokens();
  await codeOf(erp.associates.find({ associateNo: 1 }));
  expect(fates).toHaveLength(entered());
  expect(new Set(fates)).toEqual(new Set(['answered']));
});

test('a request without an answer keeps its place: the ERP may still be at it', async () => {
  const { gate, fates } = openGate();
  await using erp = await openSandbox({ rows: [{ name: 'A' }] }, {}, { gate });
  await erp.associates.schema();
  erp.sandbox.faults.add({ on: 'update', do: 'lose-answer' });
  await erp.associates.update(associateNo(1), { companyNo: '1' }, yes);
  expect(fates).toEqual(['answered', 'abandoned']);
});

test('a server error is an answer: its place is free at once, unless a gateway did not wait for the ERP', async () => {
  const { gate, fates } = openGate();
  await using erp = await openSandbox({ rows: [{ name: 'A' }] }, {}, { gate });
  await erp.associates.schema();
  for (const status of [500, 504]) {
    erp.sandbox.faults.add({ on: 'update', do: 'status', status, next: 1 });
    await erp.associates.update(associateNo(1), { companyNo: String(status) }, yes);
  }
  // The schema, the two updates, and the question whether others are answered.
  expect(fates).toEqual(['answered', 'answered', 'abandoned', 'answered']);
});

test('permission is asked again when the start itself had to wait long', async () => {
  const clock = manualClock();
  let waits = 0;
  const { gate } = openGate(async () => {
    waits += 1;
    if (waits === 2) await clock.sleep(6000);
  });
  await using erp = await openSandbox({}, {}, { gate, clock });
  await erp.associates.schema();
  let asked = 0;
  const outcome = erp.associates.create(customer(), async () => {
    asked += 1;
    return true;
  });
  await clock.advance(25);
  await clock.advance(6000);
  expect((await outcome).kind).toBe('written');
  expect(asked).toBe(2);
});

test('start times that never come in time fail the write, which surely did not happen', async () => {
  const clock = manualClock();
  let slow = false;
  const { gate, fates } = openGate(async () => {
    if (slow) await clock.sleep(6000);
  });
  await using erp = await openSandbox({}, {}, { gate, clock });
  await erp.associates.schema();
  slow = true;
  const code = codeOf(erp.associates.create(customer(), yes));
  await clock.advance(60_000);
  expect(await code).toBe('erp.rate-limited');
  expect(erp.sandbox.rows()).toEqual([]);
  expect(fates.at(-1)).toBe('answered');
});
