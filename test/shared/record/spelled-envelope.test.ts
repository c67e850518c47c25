import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChanges } from '../../../shared/record/index.ts';
import { changeOf, customerEvent, NOW, plain } from './events.ts';

const keyOf = (occurredAt: string) => changeOf(customerEvent({}, { occurredAt })).key.occurredAt;

describe('the time of an event', () => {
  it('is the same in every form that RFC 3339 has for it', () => {
    const minutes = fc.integer({ min: -14 * 60, max: 14 * 60 });
    const instant = fc.date({ min: new Date('2000-01-01T00:00:00Z'), max: NOW, noInvalidDate: true });
    fc.assert(
      fc.property(instant, minutes, fc.boolean(), fc.nat(999_999), (date, offset, isLower, nanoseconds) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const [hours, rest] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60];
        const zone = `${offset < 0 ? '-' : '+'}${String(hours).padStart(2, '0')}:${String(rest).padStart(2, '0')}`;
        const spelled = `${local}${String(nanoseconds).padStart(6, '0')}${offset === 0 ? 'Z' : zone}`;
        expect(keyOf(isLower ? spelled.toLowerCase() : spelled)).toBe(date.toISOString());
      }),
    );
  });

  it.each([
    ['2016-12-31T23:59:60Z', '2016-12-31T23:59:59.999Z'],
    ['1990-12-31T15:59:60-08:00', '1990-12-31T23:59:59.999Z'],
    ['2017-01-01T05:29:60.25+05:30', '2016-12-31T23:59:59.999Z'],
  ])('may be a leap second: %s', (sent, expected) => {
    expect(keyOf(sent)).toBe(expected);
  });

  it.each(['2016-12-31T22:59:60Z', '2016-12-31T23:59:61Z', '2026-11-20T24:00:00Z', '2026-11-20T08:00Z', '2026-11-20'])(
    'is none: %s',
    (occurredAt) => {
      expect(parseChanges(customerEvent({}, { occurredAt }), NOW)).toMatchObject({ ok: false });
    },
  );
});

describe('a number of the ERP', () => {
  it.each(['10 001', '10\u00a0001', '10001.0', '10001,00', '10 001,0', '0010001', ' 10001 ', 10_001])(
    'is read as a spreadsheet writes it: %j',
    (customerNumber) => {
      expect(plain(changeOf(customerEvent({ customerNumber })))).toMatchObject({ customerNumber: 10_001 });
    },
  );

  it.each(['10.001', '1 0001', '10001.5', '1e4', '-1', -1, 1.5, 'K-10001', '2147483648', true])(
    'is not guessed: %j',
    (customerNumber) => {
      const { body } = changeOf(customerEvent({ customerNumber }));
      expect(body).toMatchObject({ op: 'invalid', problems: [{ code: 'value.invalid' }] });
    },
  );
});
