import { compile, type Evaluate } from './expression.ts';
import { mappingSchema, type Mapping, type NumbersRequest, type Proof } from './schema.ts';

type Fields = Readonly<Record<string, Evaluate>>;

export interface CompiledRequest {
  readonly method: NumbersRequest['method'];
  readonly url: string;
  readonly body: Evaluate;
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
  };
  return problems.length > 0 ? { problems } : compiled;
}

/** What a record cannot do without. */
function* missing({ customer, contact }: Mapping): Generator<string> {
  if (customer === undefined && contact === undefined) yield 'mapping: neither customer nor contact is mapped';
  if (customer !== undefined && customer['companyName'] === undefined) yield 'customer.companyName: missing';
  if (contact !== undefined && contact['name'] === undefined) yield 'contact.name: missing';
  const related = contact?.['relatedCustomerCrmId'] ?? contact?.['relatedCustomerActorNumber'];
  if (contact !== undefined && related === undefined) yield 'contact.relatedCustomerCrmId: missing';
}

/** JSONata's own message is about the expression, which is the mapping's. */
function messageOf(error: unknown): string {
  const message =
    typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : 'not JSONata';
  const position =
    typeof error === 'object' && error !== null && 'position' in error ? ` (at ${String(error.position)})` : '';
  return `${message}${position}`;
}
