import { createHash } from 'node:crypto';
import { parseChanges, type FieldProblem, type Kind } from '../../record/index.ts';
import type { ParsedEvents, SignedRequest } from '../source.ts';
import type { CompiledMapping } from './compiled.ts';
import { EvaluationError, type Evaluate, type Surroundings } from './expression.ts';
import { toIso } from '../time.ts';

const MOST_EVENTS = 500;

/** What became of one event of the request. */
export type Converted =
  /** In the form of docs/events.md. `mayCreate` false: `CRM_SYNC_WHEN` keeps it from creating a row. */
  | { readonly event: object; readonly mayCreate: boolean }
  /** The mapping gives it no type. */
  | { readonly ignored: string }
  /** `reason`: JSONata's code. */
  | { readonly problem: FieldProblem; readonly reason: string };

export type ConvertedRequest =
  { readonly ok: true; readonly events: readonly Converted[] } | { readonly ok: false; readonly problem: string };

/** A request of the CRM → events in the program's own form. */
export async function convert(
  mapping: CompiledMapping,
  json: unknown,
  request: Pick<SignedRequest, 'header'>,
  now: Date,
): Promise<ConvertedRequest> {
  const surroundings: Surroundings = { header: request.header, request: json, receivedAt: now.toISOString() };
  let found: unknown;
  try {
    found = await mapping.events(json, surroundings);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { ok: false, problem: error.message };
  }
  const events: readonly unknown[] =
    found === undefined || found === null ? [] : Array.isArray(found) ? found : [found];
  const converted: Converted[] = [];
  for (const [index, event] of events.entries()) {
    if (index > MOST_EVENTS) break;
    converted.push(await convertEvent(mapping, event, index, surroundings));
  }
  return { ok: true, events: converted };
}

/** An event that has no id of its own is known by its content. */
const contentId = (event: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(event ?? null))
    .digest('hex')
    .slice(0, 32);

async function convertEvent(
  mapping: CompiledMapping,
  event: unknown,
  index: number,
  surroundings: Surroundings,
): Promise<Converted> {
  let place = 'type';
  const read = async (name: string, evaluate: Evaluate | undefined, about = surroundings): Promise<unknown> => {
    place = name;
    return evaluate?.(event, about);
  };
  try {
    const id = asText(await read('id', mapping.event['id'])) ?? contentId(event);
    const type = await read('type', mapping.event['type']);
    if (type === undefined || type === null || type === '' || type === 'ignore') return { ignored: id.slice(0, 128) };
    const kind = kindOf(type);
    const about = { ...surroundings, kind };
    const crmId = asText(await read('crmId', mapping.event['crmId'], about));
    const occurredAt = await read('occurredAt', mapping.event['occurredAt'], about);
    const version = await read('version', mapping.event['version'], about);
    const into = asText(await read('mergedIntoCrmId', mapping.event['mergedIntoCrmId'], about));
    const fields = (kind === undefined ? null : mapping[kind]) ?? {};
    const data: Record<string, unknown> = { crmId };
    for (const [name, evaluate] of Object.entries(fields))
      data[name] = fieldValue(mapping, await read(`data/${name}`, evaluate, about));
    if (into !== undefined) data['mergedIntoCrmId'] = into;
    const mayCreate = mapping.gate === null || isTrue(await read('CRM_SYNC_WHEN', mapping.gate, about));
    return {
      event: {
        id,
        type,
        occurredAt: timeOf(occurredAt, surroundings),
        ...(typeof version === 'number' && { version }),
        data,
      },
      mayCreate,
    };
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    return { problem: { code: 'event.malformed', pointer: `/${index}/${place}` }, reason: error.message };
  }
}

/** A list becomes lines; what is not there is empty, or not managed. */
const fieldValue = ({ missingFields }: CompiledMapping, value: unknown): unknown =>
  Array.isArray(value)
    ? value.join('\n')
    : typeof value === 'number'
      ? numberText(value)
      : (value ?? (missingFields === 'clear' ? '' : null));

/** The fields of one event, or of a record that was read in its form. @throws EvaluationError */
export async function readFields(
  mapping: CompiledMapping,
  kind: Kind,
  event: unknown,
  about: Surroundings,
): Promise<Readonly<Record<string, unknown>>> {
  const data: Record<string, unknown> = {};
  for (const [name, evaluate] of Object.entries(mapping[kind] ?? {}))
    data[name] = fieldValue(mapping, await evaluate(event, { ...about, kind }));
  return data;
}

const kindOf = (type: unknown): 'customer' | 'contact' | undefined =>
  typeof type !== 'string'
    ? undefined
    : type.startsWith('customer.')
      ? 'customer'
      : type.startsWith('contact.')
        ? 'contact'
        : undefined;

/** Without a time of its own an event happened when it came. What is no time is refused with the event. */
const timeOf = (value: unknown, { receivedAt }: Surroundings): unknown =>
  value === undefined || value === null ? receivedAt : (toIso(value) ?? value);

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : typeof value === 'number' ? numberText(value) : undefined;

const numberText = (value: number): string => (Number.isInteger(value) ? value.toFixed(0) : String(value));

/** As JSONata's `$boolean` sees it, for the values an expression may give. */
const isTrue = (value: unknown): boolean =>
  typeof value === 'string'
    ? value !== '' && value !== 'false'
    : Array.isArray(value)
      ? value.length > 0
      : Boolean(value);

/** The same → changes, as the webhook door takes them. */
export async function parseMapped(
  mapping: CompiledMapping,
  json: unknown,
  request: SignedRequest,
  now: Date,
): Promise<ParsedEvents> {
  const converted = await convert(mapping, json, request, now);
  const refused = (problems: readonly FieldProblem[]): ParsedEvents => ({ ok: false, tooMany: false, problems });
  if (!converted.ok) return refused([{ code: 'event.malformed', pointer: '' }]);
  const { events } = converted;
  if (events.length > MOST_EVENTS) return { ok: false, tooMany: true };
  const problems = events.flatMap((each) => ('problem' in each ? [each.problem] : []));
  if (problems.length > 0) return refused(problems);
  const ignored = events.flatMap((each) => ('ignored' in each ? [each.ignored] : []));
  const told = events.filter((each) => 'event' in each);
  if (told.length === 0) return { ok: true, changes: [], ignored };
  const parsed = parseChanges(
    told.map(({ event }) => event),
    now,
  );
  if (!parsed.ok) return parsed;
  const keptOut = parsed.changes.filter((_, index) => told[index]?.mayCreate === false);
  return { ok: true, changes: parsed.changes, ignored, keptOut };
}
