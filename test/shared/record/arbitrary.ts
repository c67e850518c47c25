import fc from 'fast-check';

/** Texts that a CRM may really send, with everything that makes normalising hard. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('Aå Å e\u0301\u00a0\t\r\n\u2028\u0000\ud800\u202a.@,+09NOMVA-İΣß')),
    maxLength: 40,
  }),
  fc.constantFrom(
    '',
    ' ',
    'NO 921 074 352 MVA',
    '921074352',
    'DE921074352',
    '010190 12345',
    'Kari@EXAMPLE.no',
    'a@İSTANBUL.com',
    '+47 920 99 720',
    '92099720',
    '+46 70-123 45 67',
    '070-123 45 67',
    'a\r\nb\n\nc\nd\ne\nf',
    'x'.repeat(81),
    'x'.repeat(256),
  ),
  fc.stringMatching(/^\+?[\d ()-]{3,16}$/),
);

/** What may stand in a field: mostly text, sometimes what should not be there. */
const anything = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Mostly whole records, so that most runs get past the required fields. */
const name = fc.oneof({ weight: 6, arbitrary: fc.constant('Øst AS') }, { weight: 2, arbitrary: anything });
const number = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(undefined, null, 10_001, '10001', '') }, anything);

export const customerData = fc.record({
  crmId: fc.constant('C-1001'),
  companyName: name,
  customerNumber: number,
  actorNumber: number,
  organizationNumber: anything,
  address: anything,
  postalCode: anything,
  city: anything,
});

export const contactData = fc.record({
  crmId: fc.constant('P-2001'),
  relatedCustomerCrmId: fc.oneof({ weight: 6, arbitrary: fc.constant('C-1001') }, anything),
  relatedCustomerActorNumber: number,
  actorNumber: number,
  name,
  emailAddress: anything,
  phoneNumber: anything,
});
