import { describe, expect, it } from 'vitest';
import { changeOf, changesOf, contactEvent, customerEvent, plain } from './events.ts';

const customer = (data: object) => plain(changeOf(customerEvent(data)));
const contact = (data: object) => plain(changeOf(contactEvent(data)));

describe('a field', () => {
  it('that is absent or null is not managed, and "" clears it', () => {
    expect(customer({ city: null, postalCode: '', address: undefined })).toEqual({
      companyName: 'Port-Service Øst AS',
      postalCode: '',
    });
  });

  it('that nobody knows is dropped', () => {
    expect(JSON.stringify(customer({ birthDate: '1990-01-01', notes: 'x' }))).not.toContain('birthDate');
  });

  it('has no invisible characters, and a plain space for every other one', () => {
    const city = '\ufeffMo\u200b\u00a0i\u202fRa\u00adna\u2060\u3000';
    expect(customer({ city })).toMatchObject({ city: 'Mo i Rana' });
    // Without the joiner between them the two are one letter.
    expect(customer({ city: 'A\u200b\u030Alesund' })).toMatchObject({ city: 'Ålesund' });
  });

  it('is in NFC, trimmed, without control characters', () => {
    expect(customer({ city: ' \u00a0A\u030Alesund\t\u0000x \r\n' })).toMatchObject({ city: 'Ålesund x' });
  });
});

describe('an e-mail address', () => {
  it('has its domain in lower case and its local part as it is', () => {
    expect(contact({ emailAddress: ' Kari.N@EXAMPLE.No ' })).toMatchObject({ emailAddress: 'Kari.N@example.no' });
    expect(contact({ emailAddress: 'kari@BLÅBÆR.no' })).toMatchObject({ emailAddress: 'kari@blåbær.no' });
    expect(contact({ emailAddress: 'Kari <Kari@X.no>' })).toMatchObject({ emailAddress: 'Kari <Kari@x.no>' });
  });

  it.each(['kari', 'kari@', 'a@b', 'a@b.no; c@d.no', 'Kari <kari>', 'a b@c.no'])(
    'taken as text: %s',
    (emailAddress) => {
      const change = changeOf(contactEvent({ emailAddress: ` ${emailAddress} ` }));
      expect(plain(change)).toMatchObject({ emailAddress });
      expect(change.warnings).toEqual([{ code: 'value.taken-as-text', pointer: '/0/data/emailAddress' }]);
    },
  );
});

describe('a phone number', () => {
  it.each([
    ['920 99 720', '+4792099720'],
    ['+47 920 99 720', '+4792099720'],
    ['0047 92099720', '+4792099720'],
    ['4792099720', '+4792099720'],
    ['+46 70-123 45 67', '+46701234567'],
    ['+44 (0)20 7946 0958', '+442079460958'],
    ['+1 (213) 373-4253', '+12133734253'],
    ['\u202a+47\u00a0920 99 720\u202c', '+4792099720'],
  ])('%s becomes %s', (phoneNumber, expected) => {
    const change = changeOf(contactEvent({ phoneNumber }));
    expect(plain(change)).toMatchObject({ phoneNumber: expected });
    expect(change.warnings).toEqual([]);
  });

  it.each(['ring Kari', '1881', '920 99 720 (mobil)', '92099720 / 92099721', '22 00 00 00 ext. 12'])(
    'taken as text, so that nothing of it is lost: %s',
    (phoneNumber) => {
      const change = changeOf(contactEvent({ phoneNumber }));
      expect(plain(change)).toMatchObject({ phoneNumber });
      expect(change.warnings).toEqual([{ code: 'value.taken-as-text', pointer: '/0/data/phoneNumber' }]);
    },
  );
});

describe('an address', () => {
  it('fills up to four lines, and what is beyond joins the fourth', () => {
    expect(customer({ address: ' Rødbølveien 22 \r\nPB 1\n\n' })).toMatchObject({ address: 'Rødbølveien 22\nPB 1' });
    expect(customer({ address: 'a\nb\n\nc\r\nd\ne\nf' })).toMatchObject({ address: 'a\nb\nc\nd, e, f' });
  });
});

describe('a number of the ERP', () => {
  it('is an integer or its digits', () => {
    expect(customer({ actorNumber: 17, customerNumber: ' 10001 ' })).toMatchObject({
      actorNumber: 17,
      customerNumber: 10_001,
    });
  });

  it.each([null, '', ' ', '\u200b', 0, '0', '00'])('counts as absent when it is %j', (none) => {
    expect(customer({ actorNumber: none, customerNumber: none })).toEqual({ companyName: 'Port-Service Øst AS' });
    expect(contact({ relatedCustomerActorNumber: none })).toEqual({
      name: 'Kari Nordmann',
      relatedCustomerCrmId: 'C-1001',
    });
  });
});

describe('a record is invalid, and holds no value', () => {
  it.each([
    ['value.missing', '/data/companyName', customerEvent({ companyName: undefined })],
    ['value.missing', '/data/companyName', customerEvent({ companyName: null })],
    ['value.missing', '/data/companyName', customerEvent({ companyName: ' \n ' })],
    ['value.missing', '/data/name', contactEvent({ name: '' })],
    ['value.invalid', '/data/relatedCustomerCrmId', contactEvent({ relatedCustomerCrmId: 'C 1' })],
    ['value.invalid', '/data/companyName', customerEvent({ companyName: 12 })],
    ['value.invalid', '/data/city', customerEvent({ city: ['Larvik'] })],
    ['value.invalid', '/data/actorNumber', customerEvent({ actorNumber: -1 })],
    ['value.invalid', '/data/actorNumber', customerEvent({ actorNumber: 1.5 })],
    ['value.invalid', '/data/customerNumber', customerEvent({ customerNumber: '2147483648' })],
    ['value.invalid', '/data/customerNumber', customerEvent({ customerNumber: '12a' })],
    ['value.too-long', '/data/companyName', customerEvent({ companyName: 'x'.repeat(81) })],
    ['value.too-long', '/data/name', contactEvent({ name: '😀'.repeat(41) })],
    ['value.too-long', '/data/city', customerEvent({ city: 'x'.repeat(256) })],
    ['value.too-long', '/data/organizationNumber', customerEvent({ organizationNumber: '1'.repeat(256) })],
    ['value.too-long', '/data/emailAddress', contactEvent({ emailAddress: `${'x'.repeat(251)}@a.no` })],
    ['value.too-long', '/data/emailAddress', contactEvent({ emailAddress: `a@${'İ'.repeat(200)}.no` })],
    ['value.too-long', '/data/address', customerEvent({ address: `a\n${'x'.repeat(256)}` })],
  ])('%s %s', (code, pointer, event) => {
    const [change] = changesOf(event);
    expect(change?.body).toEqual({ op: 'invalid', kind: change?.ref.kind, problems: [{ code, pointer }] });
  });

  it('with every problem named', () => {
    const { body } = changeOf(customerEvent({ companyName: '', city: 'x'.repeat(256) }));
    expect(body).toMatchObject({
      problems: [
        { code: 'value.missing', pointer: '/0/data/companyName' },
        { code: 'value.too-long', pointer: '/0/data/city' },
      ],
    });
  });

  it('but not for what is as long as it may be', () => {
    expect(customer({ companyName: 'x'.repeat(80), city: ` ${'x'.repeat(255)} ` })).not.toBeNull();
    expect(contact({ name: '😀'.repeat(40) })).not.toBeNull();
  });

  it.each([undefined, null, '', '  ', '\u00a0'])('and a contact without a customer is no mistake: %j', (none) => {
    expect(contact({ relatedCustomerCrmId: none })).toEqual({ name: 'Kari Nordmann' });
  });

  it('by its relation to an actor number alone it is valid', () => {
    expect(contact({ relatedCustomerCrmId: null, relatedCustomerActorNumber: 12 })).toMatchObject({
      relatedCustomerActorNumber: 12,
    });
  });
});
