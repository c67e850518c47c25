import { parse, validate, visit } from 'graphql';
import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../../local/nxt/columns.ts';
import { withDefaults } from '../../../local/nxt/options.ts';
import { sandboxSchema } from '../../../local/nxt/schema.ts';
import {
  createDocument,
  deleteDocument,
  highestDocument,
  probeDocument,
  readDocument,
  updateDocument,
  type CreatePart,
} from '../../../shared/erp/associates/documents.ts';
import { INTROSPECTION } from '../../../shared/erp/associates/introspection.ts';
import { openSandbox } from './support.ts';

const KNOWN_TYPES = new Set(['Associate_Input', 'FilterExpression_Associate', 'Int', 'String', 'Boolean']);
const PARTS: readonly CreatePart[] = ['numbered', 'unnumbered', 'contacts'];
const INTERVAL = { from: 10_000, to: 19_999 };
const subsets = [1, 2, 3, 4, 5, 6, 7].map((bits) => PARTS.filter((_part, index) => bits & (1 << index)));

describe.each([
  { suggest: true, onError: true },
  { suggest: false, onError: false },
  { suggest: true, onError: true, names: { name: 'navn', contactForAssociateNo: 'liaison' } as const },
])('in a company with %o', (options) => {
  async function documents() {
    await using erp = await openSandbox(options);
    const columns = await erp.associates.schema();
    return [
      INTROSPECTION,
      readDocument(columns, 'associate_find'),
      highestDocument(columns),
      probeDocument(columns),
      updateDocument(columns),
      deleteDocument(),
      ...subsets.flatMap((parts) => [INTERVAL, undefined].map((interval) => createDocument(columns, parts, interval))),
    ];
  }

  test('every operation is valid, named, and takes variables of known types only', async () => {
    const settings = withDefaults(options);
    const schema = sandboxSchema(columnsOf(settings.names, settings.leaveOut), settings);
    const all = await documents();
    expect(all.length).toBe(20);
    for (const text of all) {
      const document = parse(text);
      expect(validate(schema, document), text).toEqual([]);
      visit(document, {
        OperationDefinition: (node) => {
          expect(node.name?.value).toMatch(/^associate_/);
        },
        VariableDefinition: (node) => {
          visit(node.type, {
            NamedType: (type) => {
              expect(KNOWN_TYPES).toContain(type.name.value);
            },
          });
        },
      });
    }
  });

  test('suggest and onError stand only where the schema has them', async () => {
    const text = (await documents()).join('\n');
    expect(text.includes('suggest:') && text.includes('from: 10000, to: 19999')).toBe(options.suggest);
    expect(text.includes('onError: FAIL_TABLE')).toBe(options.onError);
  });
});
