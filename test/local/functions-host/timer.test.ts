import { describe, expect, test } from 'vitest';
import { parseTimerSchedule } from '../../../local/functions-host/timer-schedule.ts';
import { eventually } from '../../kit/eventually.ts';
import { startFixture } from './support.ts';

test('a timer runs at start when it asks for that, and tells its schedule', async () => {
  const infos: unknown[] = [];
  await startFixture({
    run: (name, info) => {
      if (name === 'tick') infos.push(info);
    },
  });
  await eventually(() => expect(infos).toHaveLength(1));
  expect(infos[0]).toEqual({
    isPastDue: false,
    schedule: { adjustForDST: true },
    scheduleStatus: {
      last: expect.stringMatching(/^0001-01-01T00:00:00/) as unknown,
      lastUpdated: expect.any(String) as unknown,
      next: expect.stringMatching(/^\d{4}-01-01T00:00:00/) as unknown,
    },
  });
});

test.each(['* * * * * *', '00:00:01'])('a timer on "%s" runs again and again', async (schedule) => {
  let runs = 0;
  await startFixture({
    environment: { TICK_SCHEDULE: schedule },
    run: (name) => {
      if (name === 'tick') runs += 1;
    },
  });
  await eventually(() => expect(runs).toBeGreaterThanOrEqual(3));
});

test('two runs of one timer never overlap', async () => {
  let inHand = 0;
  let most = 0;
  let runs = 0;
  await startFixture({
    environment: { TICK_SCHEDULE: '* * * * * *' },
    run: async (name) => {
      if (name !== 'tick') return;
      inHand += 1;
      most = Math.max(most, inHand);
      const started = Date.now();
      await eventually(() => expect(Date.now() - started).toBeGreaterThan(1_500));
      inHand -= 1;
      runs += 1;
    },
  });
  await eventually(() => expect(runs).toBe(2));
  expect(most).toBe(1);
});

describe('schedules', () => {
  const next = (schedule: string, now: string): string => parseTimerSchedule(schedule)(new Date(now)).toISOString();

  test('six fields start with the seconds and mean UTC', () => {
    expect(next('30 5 4 * * *', '2026-03-01T04:05:30.000Z')).toBe('2026-03-02T04:05:30.000Z');
    expect(next('0 */10 * * * *', '2026-03-01T04:05:30.000Z')).toBe('2026-03-01T04:10:00.000Z');
  });

  test('five fields have no seconds', () => {
    expect(next('5 4 * * *', '2026-03-01T00:00:00.000Z')).toBe('2026-03-01T04:05:00.000Z');
  });

  test('a time span counts from now', () => {
    expect(next('00:01:00', '2026-03-01T00:00:10.000Z')).toBe('2026-03-01T00:01:10.000Z');
  });

  test.each(['', 'soon', '* * *', '61 * * * * *', '0 0 0 31 2 *'])('"%s" is refused', (text) => {
    expect(() => parseTimerSchedule(text)).toThrow();
  });
});
