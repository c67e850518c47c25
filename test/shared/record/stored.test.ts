import { describe, expect, it } from 'vitest';
import { fromStored, StoredBodyError, toStored } from '../../../shared/record/index.ts';
import { changeOf, customerEvent, mergedEvent, plain } from './events.ts';

const messageOf = (json: string): string => {
  try {
    fromStored(json);
  } catch (error) {
    expect(error).toBeInstanceOf(StoredBodyError);
    return String(error);
  }
  throw new Error('no error');
};

describe('a stored body', () => {
  it('holds the values, which no other way of writing a change does', () => {
    const change = changeOf(customerEvent({ city: 'Larvik' }));
    expect(toStored(change.body)).toContain('Larvik');
    expect(JSON.stringify(change)).not.toContain('Larvik');
  });

  it('says into which record one was merged', () => {
    const { body } = changeOf(mergedEvent({ mergedIntoCrmId: 'C-1' }));
    expect(fromStored(toStored(body))).toEqual({ op: 'merge', kind: 'customer', into: 'C-1' });
  });

  it('may have additions from a newer version', () => {
    const change = changeOf(customerEvent());
    const newer = toStored(change.body).replace('"values":{', '"more":1,"values":{"country":"NO",');
    expect(plain({ ...change, body: fromStored(newer) })).toEqual(plain(change));
  });

  it.each(['Kari Nordmann', '"Kari"', '{"op":"upsert","kind":"contact","values":{"nam":"Kari"}}'])(
    'that cannot be read is named without its text: %s',
    (json) => {
      expect(messageOf(json)).not.toContain('Kari');
    },
  );
});
