import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { CONTACT_FIELDS, CUSTOMER_FIELDS, parseChanges, toStored } from '../../shared/record/index.ts';
import { contactData, customerData } from '../../shared/record/schema.ts';
import { readSettings } from '../../shared/settings.ts';
import { INTENDED } from '../infra/checks/roles.ts';
import { contactEvent, customerEvent } from '../kit/events.ts';

/** The fields that the published privacy policy lists; `crmId` is its related identifier. Nothing else may be processed. */
const POLICY = {
  customer: [
    'crmId',
    'companyName',
    'customerNumber',
    'actorNumber',
    'organizationNumber',
    'address',
    'postalCode',
    'city',
  ],
  contact: [
    'crmId',
    'name',
    'relatedCustomerCrmId',
    'relatedCustomerActorNumber',
    'actorNumber',
    'emailAddress',
    'phoneNumber',
  ],
} as const;

const PAGES = ['docs/privacy.md', 'docs/personvern.md'] as const;
const read = (file: string) => readFileSync(file, 'utf8');

/** The rows of the tables beneath a heading, without their heads; cells without code marks. */
function rowsUnder(page: string, heading: RegExp): readonly (readonly string[])[] {
  const section = read(page)
    .split(/^#{2,3} /m)
    .find((text) => heading.test(text.split('\n')[0] ?? ''));
  if (section === undefined) throw new Error(`${page} has no ${heading}`);
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}
const sorted = (names: Iterable<string>) => [...names].sort();

describe.each(['customer', 'contact'] as const)('only the policy’s fields of a %s are accepted', (kind) => {
  const fields = kind === 'customer' ? CUSTOMER_FIELDS : CONTACT_FIELDS;

  it('the catalogue has them, and no other', () => {
    expect(sorted(['crmId', ...fields.map(({ name }) => name)])).toEqual(sorted(POLICY[kind]));
  });

  it('so has the schema, in the program and in docs/schema', () => {
    expect(sorted(Object.keys((kind === 'customer' ? customerData : contactData).shape))).toEqual(sorted(POLICY[kind]));
    const text = read('docs/schema/events.json');
    const found = [...text.matchAll(/"(\w+)": \{\s+"(?:description|type|anyOf|\$ref)"/g)].map(([, name = '']) => name);
    for (const name of POLICY[kind]) expect(found).toContain(name);
  });

  it('what is stored of an event is a part of them, whatever else the CRM sends', () => {
    const more = { ssn: '1', birthday: '1980-01-01', note: 'x', title: 'x', website: 'x', gender: 'x', mobile: 'x' };
    const event =
      kind === 'customer' ? customerEvent('C-1', more) : contactEvent('P-1', { ...more, relatedCustomerCrmId: 'C' });
    const parsed = parseChanges([event], new Date('2026-11-21T08:00:00Z'));
    if (!parsed.ok) throw new Error('bad event');
    const [change] = parsed.changes;
    if (change === undefined) throw new Error('no change');
    const { values } = JSON.parse(toStored(change.body)) as { values: object };
    expect(Object.keys(values).length).toBeGreaterThan(3);
    expect(Object.keys(values).filter((name) => !(POLICY[kind] as readonly string[]).includes(name))).toEqual([]);
  });

  it('docs/events.md explains each', () => {
    for (const name of POLICY[kind]) expect(read('docs/events.md')).toContain(name);
  });

  it.each(PAGES)('%s lists them, and says which are personal as the catalogue does', (page) => {
    const of = { customer: ['customer', 'both', 'kunde', 'begge'], contact: ['contact', 'both', 'kontakt', 'begge'] };
    const rows = rowsUnder(page, /^What is processed|^Hva som behandles/).filter(([, whose = '']) =>
      of[kind].includes(whose),
    );
    expect(sorted(rows.map(([name = '']) => name))).toEqual(sorted(POLICY[kind]));
    for (const { name, personal } of fields) {
      const row = rows.find(([each]) => each === name);
      expect([name, ['yes', 'ja'].includes(row?.[2] ?? '')]).toEqual([name, personal]);
    }
  });
});

describe.each(PAGES)('%s', (page) => {
  it('names for each promise a test that is there', () => {
    const files = rowsUnder(page, /^Promises|^Løfter/).map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !/^test\/.+\.test\.ts$/.test(file) || !existsSync(file))).toEqual([]);
  });

  it('says the times that hold', () => {
    const { RETENTION_FAILED_DAYS: failed, RETENTION_DELETED_DAYS: deleted } = readSettings({
      NXT_COMPANY_NO: '1',
      VISMA_CLIENT_ID: 'x',
      VISMA_CLIENT_SECRET: 'x',
      AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    });
    const decided = rowsUnder(page, /^What was decided|^Hva som er bestemt/).map(([, what = '']) => what);
    const logDays = (file: string) => /logRetentionDays = (\d+)/.exec(read(file))?.[1];
    const days = /(\d+)/.exec(read('infra/main.bicep').split('param logRetentionDays int = ')[1] ?? '')?.[1];
    const dev = logDays('infra/dev.bicepparam') ?? days;
    expect(decided[0]).toContain(`${failed} `);
    expect(decided[1]).toContain(`${deleted} `);
    expect(decided[2]).toContain('365 ');
    expect(decided[3]).toMatch(new RegExp(`\\b${dev} .*\\b${logDays('infra/prod.bicepparam')} `));
  });

  it('lists every right to read personal data, and no other', () => {
    const rows = rowsUnder(page, /^Who can see it|^Hvem som kan se/);
    const rightsOf = (who: RegExp) => rows.filter(([each = '']) => who.test(each)).map(([, right = '']) => right);
    expect(sorted(rightsOf(/^(?:the app|appen)$/))).toEqual(sorted(INTENDED.map(([, name]) => name)));
    const people =
      /for role in ((?:'[^']+' ?)+)/.exec(read('infra/bootstrap.sh'))?.[1]?.match(/[^']+(?='(?: |$))/g) ?? [];
    const given = people.filter((name) => name.trim() !== '');
    expect(given.length).toBeGreaterThan(2);
    expect(sorted(rightsOf(/^(?:operators|operatører)$/))).toEqual(sorted(given));
    const signIn = [...read('infra/scripts/console-sign-in.sh').matchAll(/^(\w+)_role=/gm)].map(
      ([, name = '']) => name,
    );
    for (const role of signIn) expect(rightsOf(/^(?:console|konsoll)/).join()).toContain(role);
    expect(rightsOf(/^(?:console|konsoll)/)).toHaveLength(signIn.length);
  });
});

test('the pipeline’s own roles read no data, no secret and no key', () => {
  for (const file of ['infra/roles/deploy.json', 'infra/roles/plan.json']) {
    const role = JSON.parse(read(file)) as {
      DataActions: readonly string[];
      Actions: readonly string[];
      NotActions: readonly string[];
    };
    expect(role.DataActions).toEqual([]);
    const keys = role.Actions.filter((action) => /listKeys|\/secrets\/|query\/read/i.test(action));
    expect(keys).toEqual([]);
  }
});

test('both pages have the same tables of fields, rights and promises', () => {
  const keys = (page: string) => [
    rowsUnder(page, /^What is processed|^Hva som behandles/).map(([name]) => name),
    rowsUnder(page, /^Who can see it|^Hvem som kan se/)
      .slice(0, 9)
      .map(([, right]) => right),
    rowsUnder(page, /^Promises|^Løfter/).map(([, file]) => file),
  ];
  expect(keys('docs/personvern.md')).toEqual(keys('docs/privacy.md'));
});
