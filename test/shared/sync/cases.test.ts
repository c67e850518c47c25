import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customer, contact, startWorld, type World } from '../../kit/world.ts';

// Data as real CRMs send it and as accounting keeps it: each case was found in a public report.

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const clock = { version: 0 };
const event = (type: string, data: object) => {
  clock.version += 1;
  const id = `evt-${clock.version}`;
  return { id, type, version: clock.version, occurredAt: '2026-11-01T08:00:00.000Z', data };
};
const customerIs = (crmId: string, data: object) => event('customer.updated', { crmId, ...data });
const contactIs = (crmId: string, data: object) => event('contact.updated', { crmId, ...data });
/** Each event on its own, a minute apart. */
async function take(...events: readonly object[]): Promise<void> {
  for (const each of events) {
    await world.send(each);
    await world.drain();
    world.advance(60_000);
  }
}
const rowOf = (no: number) => world.sandbox.rows().find(({ associateNo }) => associateNo === no);
const updates = () => world.sandbox.requests.counts.operations.update;
const failures = async () =>
  (await world.failures()).map(({ ref, code, candidates }) => [ref.crmId, code, candidates]).sort();

describe('an organisation number that comes after the link', () => {
  const known = { associateNo: 500, customerNo: 20500, name: 'Havbris Regnskap AS', companyNo: '831 234 504' };
  const late = { companyName: 'Havbris Regnskap AS', organizationNumber: '831234504' };

  it('and stands on another row is listed with both; nothing is written', async () => {
    world.sandbox.seed([known]);
    await take(customerIs('L1', { companyName: 'Havbris' }), customerIs('L1', late));
    const own = (await world.state(customer('L1')))?.associateNo;
    expect(await failures()).toEqual([['L1', 'match.ambiguous', [own, 500]]]);
    expect(rowOf(own ?? 0)).toMatchObject({ name: 'Havbris', companyNo: '' });
    expect(rowOf(500)).toMatchObject({ ...known, externalId: '' });
  });

  it('and stands nowhere else is written', async () => {
    await take(customerIs('L1', { companyName: 'Havbris' }), customerIs('L1', late));
    expect(await failures()).toEqual([]);
    expect(world.sandbox.rows()).toMatchObject([{ name: 'Havbris Regnskap AS', companyNo: '831234504' }]);
  });

  it('comes to two linked records at once: one of them is listed', async () => {
    await take(customerIs('A', { companyName: 'En' }), customerIs('B', { companyName: 'To' }));
    await world.send(
      customerIs('A', { companyName: 'En', organizationNumber: '831234504' }),
      customerIs('B', { companyName: 'To', organizationNumber: 'NO 831 234 504 MVA' }),
    );
    await Promise.all([world.apply(customer('A')), world.apply(customer('B'))]);
    await world.drain();
    expect(await failures()).toEqual([[expect.anything(), 'match.ambiguous', expect.anything()]]);
    expect(world.sandbox.rows().filter(({ companyNo }) => companyNo !== '')).toHaveLength(1);
  });
});

describe('what is no organisation number', () => {
  const gran = { associateNo: 520, customerNo: 20700, name: 'Gran Sag AS', postCode: '0277', postalArea: 'OSLO' };

  it('is not written over one; a postal code without its zero is the same', async () => {
    world.sandbox.seed([{ ...gran, companyNo: '851234500' }]);
    const data = { companyName: 'Gran Sag AS', customerNumber: '20700', postalCode: '277', city: 'OSLO' };
    await take(customerIs('Y1', { ...data, organizationNumber: '8,51235E+08' }));
    expect(await failures()).toEqual([]);
    expect(rowOf(520)).toMatchObject({ companyNo: '851234500', postCode: '0277' });
  });

  it('is written as text where there is nothing', async () => {
    world.sandbox.seed([gran]);
    await take(customerIs('Y1', { companyName: 'Gran Sag AS', customerNumber: '20700', organizationNumber: 'kommer' }));
    expect(rowOf(520)).toMatchObject({ companyNo: 'kommer' });
  });
});

describe('a customer number that is another company’s', () => {
  it.each([
    [
      'of another name and place',
      { associateNo: 530, customerNo: 20530, name: 'Eik Møbler AS', companyNo: '831234555', postCode: '3214' },
      { companyName: 'Helt Annet Firma AS', customerNumber: '20530', address: 'Annengata 9', postalCode: '5003' },
    ],
    [
      'with another organisation number',
      { associateNo: 530, customerNo: 20530, name: 'Furu Møbler AS', companyNo: '831234563' },
      {
        companyName: 'Furu Møbler AB',
        customerNumber: '20530',
        organizationNumber: 'SE556012579001',
        city: 'Stockholm',
      },
    ],
  ])('%s, takes nothing over', async (_, row, data) => {
    world.sandbox.seed([row]);
    await take(customerIs('L5', data));
    expect(await failures()).toEqual([['L5', 'match.conflict', [530]]]);
    expect(rowOf(530)).toMatchObject({ ...row, externalId: '', addressLine1: '' });
    expect(world.sandbox.rows()).toHaveLength(1);
  });
});

describe('a customer that stands in the ERP', () => {
  it.each([
    ['871.234.531', '871234531'],
    ['Org.nr. 871234558', '871234558'],
    ['NO-871234574', '871234574'],
    ['NO 871234582 MVA Foretaksregisteret', '871234582'],
    ['871234531', '871.234.531'],
    ['SE556012579001', 'SE556012579001'],
    ['SE 556078-1234 01', 'SE556078123401'],
  ])('as %s is found by %s, and keeps its spelling', async (held, sent) => {
    world.sandbox.seed([{ associateNo: 540, customerNo: 20540, name: 'Et eldre navn', companyNo: held }]);
    await take(customerIs('I1', { companyName: 'Et nyere navn', organizationNumber: sent }));
    expect(await failures()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(1);
    expect(rowOf(540)).toMatchObject({ name: 'Et nyere navn', companyNo: held, externalId: 'crm:customer:I1' });
  });

  it('under the name alone is a question, and none for a company elsewhere', async () => {
    world.sandbox.seed([
      { associateNo: 541, customerNo: 20541, name: 'Nordlys Bakeri A/S', postCode: '9008' },
      { associateNo: 542, supplierNo: 50542, name: 'Solvik', postCode: '' },
    ]);
    await take(
      customerIs('N1', { companyName: 'NORDLYS BAKERI', postalCode: '9008' }),
      customerIs('N2', { companyName: 'Nordlys Bakeri AS', postalCode: '0180' }),
      customerIs('N4', { companyName: 'Berg og Dal', postalCode: '9008' }),
      customerIs('N3', { companyName: 'Solvik AS', organizationNumber: '871234531', postalCode: '3110' }),
    );
    expect(await failures()).toEqual([
      ['N1', 'match.possible', [541]],
      ['N3', 'match.possible', [542]],
    ]);
    expect(world.sandbox.rows()).toHaveLength(4);
  });

  it('has a postal code without its zero in the CRM: nothing is written', async () => {
    world.sandbox.seed([
      {
        associateNo: 543,
        customerNo: 20543,
        name: 'Oslo Rør AS',
        companyNo: '861234517',
        postCode: '0180',
        postalArea: 'OSLO',
      },
    ]);
    const before = updates();
    await take(
      customerIs('O1', {
        companyName: 'Oslo Rør AS',
        organizationNumber: '861234517',
        postalCode: '180',
        city: 'OSLO',
      }),
    );
    expect(rowOf(543)).toMatchObject({ postCode: '0180' });
    expect(updates()).toBe(before + 1);
  });
});

describe('a contact person', () => {
  const una = { associateNo: 521, contactForAssociateNo: 520, name: 'Una Gran', mobilePhone: '920 11 445' };
  beforeEach(async () => {
    world.sandbox.seed([{ associateNo: 520, customerNo: 20520, name: 'Delta AS', companyNo: '831234571' }]);
    await take(customerIs('L4', { companyName: 'Delta AS', organizationNumber: '831234571' }));
  });
  const of = (data: object) => ({ relatedCustomerCrmId: 'L4', ...data });

  it('has a new number in the column where accounting keeps the old one', async () => {
    world.sandbox.seed([una]);
    await take(contactIs('P1', of({ name: 'Una Gran', phoneNumber: '+47 920 11 445' })));
    expect(rowOf(521)).toMatchObject({ mobilePhone: '920 11 445', phone: '' });
    await take(contactIs('P1', of({ name: 'Una Gran', phoneNumber: '+47 920 22 555' })));
    expect(rowOf(521)).toMatchObject({ mobilePhone: '+4792022555', phone: '' });
    await take(contactIs('P1', of({ name: 'Una Gran', phoneNumber: '' })));
    expect(rowOf(521)).toMatchObject({ mobilePhone: '', phone: '' });
  });

  it('keeps accounting’s number in the other column', async () => {
    world.sandbox.seed([{ ...una, phone: '33 18 00 02' }]);
    await take(contactIs('P1', of({ name: 'Una Gran', phoneNumber: '92011445' })));
    await take(contactIs('P1', of({ name: 'Una Gran', phoneNumber: '92022555' })));
    expect(rowOf(521)).toMatchObject({ mobilePhone: '+4792022555', phone: '33 18 00 02' });
  });

  it.each([
    ['Mona Berg', 'Mona.Berg@Delta.example', 'Mona Berg', 'mona.berg@delta.example'],
    ['Max', 'max@epost.example', 'Max', 'MAX@EPOST.EXAMPLE'],
    ['Wenche Ås', 'wenche@u.example', 'Wenche\u200b Ås', 'wenche@u.example'],
    ['Yngve Li', 'yngve@u.example', 'Yngve Li', 'yngve@u.example\u200b'],
    ['Jon\u200b Dal', 'jon@u.example', 'Jon Dal', 'jon@u.example'],
  ])('%s <%s> in the ERP is %s <%s> in the CRM', async (name, emailAddress, sentName, sentAddress) => {
    const held = { associateNo: 522, contactForAssociateNo: 520, name, emailAddress };
    world.sandbox.seed([held]);
    await take(contactIs('L4a', of({ name: sentName, emailAddress: sentAddress })));
    expect(await failures()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(2);
    expect(rowOf(522)).toMatchObject({ ...held, externalId: 'crm:contact:L4a' });
  });

  it('has no invisible character around a new address', async () => {
    await take(contactIs('L4b', of({ name: 'Liv', emailAddress: '\u2060liv@u.example\ufeff' })));
    expect(world.sandbox.rows().at(-1)).toMatchObject({ emailAddress: 'liv@u.example' });
  });

  it('leaves its customer: taken off it, and what the event clears is cleared', async () => {
    await take(contactIs('Rp', of({ name: 'Ruth Rask', emailAddress: 'ruth@delta.example', phoneNumber: '92099720' })));
    const no = (await world.state(contact('Rp')))?.associateNo ?? 0;
    const left = { relatedCustomerCrmId: '', name: 'Ruth Rask', emailAddress: 'ruth@privat.example', phoneNumber: '' };
    await take(contactIs('Rp', left));
    expect(await failures()).toEqual([]);
    expect(rowOf(no)).toMatchObject({ contactForAssociateNo: 0, emailAddress: 'ruth@privat.example', phone: '' });
    expect(await world.state(contact('Rp'))).toMatchObject({ parentNo: null, associateNo: no });
  });

  it.each([{ relatedCustomerCrmId: '' }, { relatedCustomerCrmId: null }, { relatedCustomerCrmId: ' ' }, {}])(
    'who never had a customer is ignored, and nothing of the person is stored: %o',
    async (relation) => {
      const accepted = await world.send(contactIs('R-nobodys', { ...relation, name: 'Privat Person' }));
      expect(accepted).toEqual([{ status: 'ignored' }]);
      expect(await world.failures()).toEqual([]);
      expect(JSON.stringify(await world.rows())).not.toContain('R-nobodys');
    },
  );

  it('who waited for a customer and has none now waits no more', async () => {
    await world.send(contactIs('Rw', { relatedCustomerCrmId: 'C-9', name: 'Venter' }));
    await world.apply(contact('Rw'));
    await take(contactIs('Rw', { relatedCustomerCrmId: '', name: 'Venter' }));
    expect(await failures()).toEqual([]);
    expect(await world.pending()).toEqual([]);
    expect(world.sandbox.rows()).toHaveLength(1);
  });

  it('takes a new name: so does its short name, unless that is accounting’s own', async () => {
    await take(contactIs('S1', of({ name: 'Even Gammelnavn' })));
    const no = (await world.state(contact('S1')))?.associateNo ?? 0;
    expect(rowOf(no)).toMatchObject({ shortName: 'Even Gammelnavn' });
    await take(contactIs('S1', of({ name: 'Eva Nyttnavn' })));
    expect(rowOf(no)).toMatchObject({ name: 'Eva Nyttnavn', shortName: 'Eva Nyttnavn' });
    await take(event('contact.deleted', { crmId: 'S1' }));
    expect(rowOf(no)).toMatchObject({ name: '', shortName: '' });
    await take(contactIs('S1', of({ name: 'Eva Nyttnavn' })));
    expect(rowOf(no)).toMatchObject({ name: 'Eva Nyttnavn', shortName: 'Eva Nyttnavn' });

    world.sandbox.seed([{ associateNo: 900, contactForAssociateNo: 520, name: 'Kari Li', shortName: 'KL' }]);
    await take(contactIs('S2', of({ name: 'Kari Li' })), contactIs('S2', of({ name: 'Kari Dal' })));
    expect(rowOf(900)).toMatchObject({ name: 'Kari Dal', shortName: 'KL' });
  });
});

describe('a contact that moves to another customer', () => {
  it('and still has the number of the former one goes by the id; a number it never had is a conflict', async () => {
    await take(
      customerIs('C1', { companyName: 'En AS' }),
      customerIs('C2', { companyName: 'To AS' }),
      customerIs('C3', { companyName: 'Tre AS' }),
      contactIs('Cp', { relatedCustomerCrmId: 'C1', name: 'Carla Cava' }),
    );
    const numberOf = async (crmId: string) => (await world.state(customer(crmId)))?.associateNo;
    const own = (await world.state(contact('Cp')))?.associateNo;
    const moved = { relatedCustomerActorNumber: await numberOf('C1'), actorNumber: own, name: 'Carla Cava' };
    await take(contactIs('Cp', { relatedCustomerCrmId: 'C2', ...moved }));
    expect(await failures()).toEqual([]);
    expect(rowOf(own ?? 0)).toMatchObject({ contactForAssociateNo: await numberOf('C2') });
    // Sent before the CRM had the new number.
    await take(contactIs('Cp', { relatedCustomerCrmId: 'C2', ...moved, emailAddress: 'carla@to.example' }));
    expect(await failures()).toEqual([]);
    const strange = await numberOf('C3');
    await take(contactIs('Cp', { ...moved, relatedCustomerCrmId: 'C2', relatedCustomerActorNumber: strange }));
    expect(await failures()).toEqual([['Cp', 'match.conflict', [await numberOf('C2'), strange]]]);
  });
});
