import { describe, expect, it } from 'vitest';
import { changeOf, contactEvent, customerEvent, plain } from '../events.ts';

describe('letters that were lost', () => {
  it.each([
    ['address', { address: '\ufffdsveien 1' }],
    ['city', { city: 'Troms\ufffd' }],
    ['city', { city: 'x\ud800' }],
    ['organizationNumber', { organizationNumber: '921\ufffd074352' }],
  ])('leave the field unwritten: %s', (field, data) => {
    const change = changeOf(customerEvent(data));
    expect(plain(change)).toEqual({ companyName: 'Port-Service Øst AS' });
    expect(change.warnings).toEqual([{ code: 'value.broken-letters', pointer: `/0/data/${field}` }]);
  });

  it('make a name fail', () => {
    const broken = { code: 'value.broken-letters' };
    expect(changeOf(customerEvent({ companyName: 'J\ufffdrhagen AS' })).body).toMatchObject({ problems: [broken] });
    expect(changeOf(contactEvent({ name: 'Kari \ufffd' })).body).toMatchObject({ problems: [broken] });
  });
});

describe('a text that looks encoded is carried as it is, and reported', () => {
  it.each([
    'RÃ¸dbÃ¸lveien 22',
    'GrÃ¼nerlÃ¸kka',
    'Ã˜vre gate 1',
    'KafÃ©',
    'Kari â€“ Ola',
    'Nes &amp; Sønn',
    'R&oslash;dvei',
    'R&#248;dvei',
    'R&#xF8;dvei',
    '&quot;Huset&quot;',
  ])('%s', (city) => {
    const change = changeOf(customerEvent({ city }));
    expect(plain(change)).toMatchObject({ city });
    expect(change.warnings).toEqual([{ code: 'value.looks-encoded', pointer: '/0/data/city' }]);
  });

  it('also where a control character is half of the letter; it becomes a blank, not a line', () => {
    const change = changeOf(customerEvent({ companyName: 'Kort AS', address: 'Ã\u0085sveien 3' }));
    expect(plain(change)).toMatchObject({ address: 'Ã sveien 3' });
    expect(change.warnings).toEqual([{ code: 'value.looks-encoded', pointer: '/0/data/address' }]);
  });

  it.each([
    'Nes & Sønn AS',
    'R&D-bygget 2; inngang B',
    'AT&T;',
    'BLÅ–GRÅ',
    '«BLÅ»',
    'SÃO PAULO',
    'Ångström',
    'Malmö–Lund',
    'Café “Blå”',
    'A&B; C&D;',
  ])('but not %s', (city) => {
    expect(changeOf(customerEvent({ city })).warnings).toEqual([]);
  });
});

it('of several reports the one about what was dropped comes first', () => {
  const { warnings } = changeOf(
    customerEvent({ organizationNumber: 'ukjent', address: 'R&oslash;d', city: '15065754433' }),
  );
  expect(warnings.map(({ code }) => code)).toEqual([
    'value.national-id-dropped',
    'value.not-an-organization-number',
    'value.looks-encoded',
  ]);
});
