import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Change, fromStored, parseChanges, toStored } from '../../../shared/record/index.ts';
import { contactData, customerData, text } from './arbitrary.ts';
import { changeOf, contactEvent, customerEvent, NOW, plain } from './events.ts';

const CUSTOMER_FIELDS = 'companyName customerNumber actorNumber organizationNumber address postalCode city'.split(' ');
const CONTACT_FIELDS =
  'name relatedCustomerCrmId relatedCustomerActorNumber actorNumber emailAddress phoneNumber'.split(' ');

/** What a sender would write who sends the normalised values back. */
const again = (change: Change): object => {
  const values = plain(change) ?? {};
  const number = values['organizationNumber'];
  return number instanceof Object && 'text' in number ? { ...values, organizationNumber: number.text } : values;
};

const event = fc.oneof(customerData.map(customerEvent), contactData.map(contactEvent));

describe('normalising', () => {
  it('changes nothing the second time', () => {
    const check = (make: (data: object) => object) => (data: object) => {
      const first = changeOf(make(data));
      if (first.body.op !== 'upsert') return;
      expect(plain(changeOf(make({ crmId: first.ref.crmId, ...again(first) })))).toEqual(plain(first));
    };
    const bare = (base: (data: object) => { data: object }) => (data: object) => ({ ...base({}), data });
    fc.assert(fc.property(customerData, check(bare(customerEvent))), { numRuns: 400 });
    fc.assert(fc.property(contactData, check(bare(contactEvent))), { numRuns: 400 });
  });

  it('never throws, whatever the request is', () => {
    const request = fc.oneof(fc.jsonValue(), event, fc.array(fc.oneof(event, fc.jsonValue()), { maxLength: 5 }));
    fc.assert(
      fc.property(request, (body) => void parseChanges(body, NOW)),
      { numRuns: 500 },
    );
  });

  it('lets no unknown field through', () => {
    const extra = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue());
    fc.assert(
      fc.property(extra, event, (unknown, known) => {
        const change = changeOf({ ...unknown, ...known, data: { ...unknown, ...known.data } });
        const fields = change.ref.kind === 'customer' ? CUSTOMER_FIELDS : CONTACT_FIELDS;
        expect(Object.keys(change).sort()).toEqual(['body', 'key', 'ref', 'warnings']);
        expect(Object.keys(plain(change) ?? {}).filter((field) => !fields.includes(field))).toEqual([]);
      }),
    );
  });

  it('keeps no value of an invalid record, and no value in a warning', () => {
    fc.assert(
      fc.property(text, (planted) => {
        const canary = `canary${planted}`;
        const { body, warnings } = changeOf(
          customerEvent({ companyName: canary, city: canary, actorNumber: canary, organizationNumber: canary }),
        );
        expect(body.op).toBe('invalid');
        expect(JSON.stringify([body, warnings])).not.toContain('canary');
      }),
    );
  });

  it('leaves no control character but the newlines of an address', () => {
    fc.assert(
      fc.property(event, (given) => {
        const { address, organizationNumber, ...rest } = plain(changeOf(given)) ?? {};
        for (const value of Object.values(rest)) expect(String(value)).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(String(address).replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cs}/u);
        expect(String(address).split('\n').length).toBeLessThanOrEqual(4);
        expect(JSON.stringify({ organizationNumber })).not.toMatch(/(?<!\d)\d{11}(?!\d)/);
      }),
    );
  });

  it('survives the way into the ledger and back', () => {
    fc.assert(
      fc.property(event, (given) => {
        const change = changeOf(given);
        const stored = fromStored(toStored(change.body));
        expect(plain({ ...change, body: stored })).toEqual(plain(change));
        expect(stored.op).toBe(change.body.op);
      }),
    );
  });
});
