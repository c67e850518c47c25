import { compile, type Evaluate } from './expression.ts';
import { mappingSchema, type FieldsRequest, type Mapping, type NumbersRequest, type Proof } from './schema.ts';

export type Fields = Readonly<Record<string, Evaluate>>;

export interface CompiledRequest {
  readonly method: NumbersRequest['method'];
  readonly url: string;
  readonly body: Evaluate;
}

export interface CompiledFieldsRequest {
  readonly method: FieldsRequest['method'];
  readonly url: string;
  readonly body: Fields;
  readonly read: { readonly url: string; readonly event: Evaluate } | null;
  readonly ifMatch: Evaluate | null;
}

/** A mapping whose every expression is understood. */
export interface CompiledMapping {
  readonly name: string;
  readonly acceptedStatus: number;
  readonly proof: Proof;
  readonly events: Evaluate;
  readonly event: Fields;
  readonly missingFields: 'leave' | 'clear';
  readonly customer: Fields | null;
  readonly contact: Fields | null;
  readonly gate: Evaluate | null;
  readonly numbers: {
    readonly headers: Readonly<Record<string, string>>;
    readonly customer: CompiledRequest | null;
    readonly contact: CompiledRequest | null;
  } | null;
  readonly fields: {
    readonly headers: Readonly<Record<string, string>>;
    readonly customer: CompiledFieldsRequest | null;
    readonly contact: CompiledFieldsRequest | null;
  } | null;
}

/** Everything that is wrong with a mapping, each with its place: `event.crmId: …`. */
export interface MappingProblems {
  readonly problems: readonly string[];
}

/** Checks the whole of a mapping. @param gate `CRM_SYNC_WHEN`. */
export function compileMapping(json: unknown, gate: string | undefined): CompiledMapping | MappingProblems {
  const result = mappingSchema.safeParse(json);
  if (!result.success) {
    return {
      problems: result.error.issues.map(
        ({ path, message }) => `${path.map(String).join('.') || 'mapping'}: ${message}`,
      ),
    };
  }
  const mapping = result.data;
  const problems = [...missing(mapping)];
  const evaluate = (place: string, text: string): Evaluate => {
    try {
      return compile(text);
    } catch (error) {
      problems.push(`${place}: ${messageOf(error)}`);
      return async () => undefined;
    }
  };
  const fields = (place: string, all: Readonly<Record<string, string | undefined>>): Fields =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, text]) =>
        text === undefined ? [] : [[name, evaluate(`${place}.${name}`, text)]],
      ),
    );
  const request = (place: string, given: NumbersRequest | undefined): CompiledRequest | null =>
    given === undefined ? null : { ...given, body: evaluate(`${place}.body`, given.body) };
  const writer = (place: string, given: FieldsRequest | undefined): CompiledFieldsRequest | null =>
    given === undefined
      ? null
      : {
          ...given,
          body: fields(`${place}.body`, given.body),
          read:
            given.read === undefined
              ? null
              : { ...given.read, event: evaluate(`${place}.read.event`, given.read.event) },
          ifMatch: given.ifMatch === undefined ? null : evaluate(`${place}.ifMatch`, given.ifMatch),
        };
  const { customer, contact, numbers } = mapping;
  const compiled: CompiledMapping = {
    ...mapping,
    events: evaluate('events', mapping.events),
    event: fields('event', mapping.event),
    customer: customer === undefined ? null : fields('customer', customer),
    contact: contact === undefined ? null : fields('contact', contact),
    gate: gate === undefined ? null : evaluate('CRM_SYNC_WHEN', gate),
    numbers:
      numbers === undefined
        ? null
        : {
            headers: numbers.headers,
            customer: request('numbers.customer', numbers.customer),
            contact: request('numbers.contact', numbers.contact),
          },
    fields:
      mapping.fields === undefined
        ? null
        : {
            headers: mapping.fields.headers,
            customer: writer('fields.customer', mapping.fields.customer),
            contact: writer('fields.contact', mapping.fields.contact),
          },
  };
  return problems.length > 0 ? { problems } : compiled;
}

/** What a record cannot do without. */
function* missing(mapping: Mapping): Generator<string> {
  const { customer, contact } = mapping;
  if (customer === undefined && contact === undefined) yield 'mapping: neither customer nor contact is mapped';
  if (customer !== undefined && customer['companyName'] === undefined) yield 'customer.companyName: missing';
  if (contact !== undefined && contact['name'] === undefined) yield 'contact.name: missing';
  const related = contact?.['relatedCustomerCrmId'] ?? contact?.['relatedCustomerActorNumber'];
  if (contact !== undefined && related === undefined) yield 'contact.relatedCustomerCrmId: missing';
  for (const kind of ['customer', 'contact'] as const) yield* wrongWay(mapping, kind);
}

/** What cannot be written back, or not without writing over what was never heard. */
function* wrongWay({ fields, event, ...mapping }: Mapping, kind: 'customer' | 'contact'): Generator<string> {
  const given = fields?.[kind];
  if (given === undefined) return;
  for (const [field, text] of Object.entries(given.body)) {
    if (text !== undefined && mapping[kind]?.[field] === undefined)
      yield `fields.${kind}.body.${field}: ${kind}.${field} is not mapped, so it is never compared`;
  }
  if (given.read !== undefined) return;
  if (given.ifMatch === undefined)
    yield `fields.${kind}: read or ifMatch is needed: else an edit in the CRM that is still on its way would be written over`;
  else if (event.version === undefined) yield `fields.${kind}.ifMatch: event.version is needed, or read`;
}

/** JSONata's own message is about the expression, which is the mapping's. */
function messageOf(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'not JSONata';
  const position =
    typeof error === 'object' && error !== null && 'position' in error ? ` (at ${String(error.position)})` : '';
  return `${message}${position}`;
}
