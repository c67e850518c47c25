import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailAddress, emailKey } from '../../../../shared/record/formats/email.ts';
import { organizationNumber } from '../../../../shared/record/formats/organization-number.ts';
import { phoneE164 } from '../../../../shared/record/formats/phone.ts';
import { lacksZero, postalCodeKey } from '../../../../shared/record/formats/address.ts';

describe('a phone number', () => {
  it.each([
    '(+47) 920 99 720',
    '( +47 )92099720',
    '(0047) 920 99 720',
    '+47 (0) 920 99 720',
    '(+47) (0)920 99 720',
    '0047 (0) 920 99 720',
    'tel:+4792099720',
    'TEL: 920 99 720',
    '+47-920-99-720',
    '９２０９９７２０',
  ])('in the form of links and forms is read: %s', (text) => {
    expect(phoneE164(text)).toBe('+4792099720');
  });

  it('keeps the zero that belongs to it', () => {
    expect(phoneE164('+39 (0)6 1234 5678')).toBe('+390612345678');
    expect(phoneE164('+46 (0)8-123 456 78')).toBe('+46812345678');
  });

  it.each(['92099720 / 33180002', '92099720 int. 12', '(920) 99720 (jobb)', '(+47)', 'tel:'])(
    'that is more than one number stays text: %s',
    (text) => {
      expect(phoneE164(text)).toBeNull();
    },
  );
});

describe('an e-mail address with a display name in quotes', () => {
  it.each(['"Nordmann, Kari" <Kari@Example.NO>', '"Kari"<kari@example.no>', '"K; N"\t<kari@example.no>'])(
    'is the address: %s',
    (text) => {
      expect(emailKey(text)).toBe('kari@example.no');
      expect(emailAddress(text)).toContain('@example.no');
    },
  );
});

it('a postal code is the same in digits of another script, and with the decimal a spreadsheet gives it', () => {
  const digits = ['0', '٠', '０', '०'].map((zero) => zero.codePointAt(0) ?? 0);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.constantFrom(...digits),
      fc.constantFrom('', '.0', ',00'),
      (n, zero, end) => {
        const code = String(n).padStart(4, '0');
        const spelled = Array.from(code, (digit) => String.fromCodePoint(zero + Number(digit))).join('');
        expect(postalCodeKey(`${spelled}${end}`)).toBe(code);
      },
    ),
  );
  expect(lacksZero('277.0', '', 'norwegian')).toBe(true);
  expect(postalCodeKey('111 22')).not.toBe(postalCodeKey('1112'));
});

it.each(['000000000', 'NO 000 000 000 MVA', '0192:000000000', '０００００００００'])(
  '%s is no organisation number',
  (text) => {
    expect(organizationNumber(text)).toMatchObject({ kind: 'other', key: null });
  },
);
