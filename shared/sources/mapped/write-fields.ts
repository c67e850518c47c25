import { orRefusal, type CrmApi, type CrmHttp, type FieldWrite } from '../../crm/index.ts';
import { Failure } from '../../failure.ts';
import { afterConflict } from '../after-conflict.ts';
import type { CompiledFieldsRequest, CompiledMapping } from './compiled.ts';
import { readFields } from './convert.ts';
import { evaluated, orInvalid, urlOf } from './request.ts';

type FieldWriter = NonNullable<CrmApi['writeFields']>;

/** Changed fields in the request that the mapping makes of them, after a look at the record or with its version. */
export function fieldWriter(http: CrmHttp, base: string, mapping: CompiledMapping, now: () => number): FieldWriter {
  const write = async (given: FieldWrite): ReturnType<FieldWriter> => {
    const { ref, version, holds } = given;
    const request = mapping.fields?.[ref.kind] ?? null;
    if (request === null) return { unfit: Object.keys(given.fields) };
    const record = await look(request, given);
    if (record === 'gone') return 'unknown-record';
    if (record !== null) {
      const held = await holds(record.data);
      if (held !== 'as-known') return held;
    }
    const known = { ...ref, version, record: record?.json };
    const json = await bodyOf(request, given, known, now());
    if ('unfit' in json) return json;
    // Nothing would stop it from writing over an edit.
    if (record === null && version === null) return 'refused';
    const ifMatch = request.ifMatch && (await evaluated('fields.ifMatch', request.ifMatch, known, now()));
    const { status } = await http({
      method: request.method,
      url: urlOf(base, request.url, ref),
      json: json.body,
      headers: typeof ifMatch === 'string' ? { 'if-match': ifMatch } : {},
    });
    if (status < 300) return 'written';
    if (status === 412 && record === null) return 'newer';
    if (status === 412) {
      const now = await look(request, given);
      return afterConflict(now === null || now === 'gone' ? null : now.data, holds);
    }
    return status === 404 || status === 410 ? 'unknown-record' : 'refused';
  };

  /** The record as it is now, in the form of `data`; null where the mapping reads none. */
  async function look({ read }: CompiledFieldsRequest, { ref }: FieldWrite) {
    if (read === null) return null;
    const { status, json } = await http({ method: 'GET', url: urlOf(base, read.url, ref) });
    if (status === 404 || status === 410) return 'gone';
    if (status >= 400 || json === undefined) throw new Failure('crm.unavailable', { detail: `HTTP ${status}` });
    const event = await evaluated(`fields.${ref.kind}.read.event`, read.event, json, now());
    if (event === undefined || event === null) return 'gone';
    const about = { header: () => null, request: json, receivedAt: new Date(now()).toISOString() };
    const data = await orInvalid(`${ref.kind}, of a record that was read`, () =>
      readFields(mapping, ref.kind, event, about),
    );
    return { json, data };
  }

  return (given) => orRefusal(() => write(given));
}

/** What each field gives, as one body. A field for which an expression gives nothing has no place in the CRM. */
async function bodyOf(
  { body }: CompiledFieldsRequest,
  { ref, fields }: FieldWrite,
  known: object,
  now: number,
): Promise<{ readonly body: object } | { readonly unfit: readonly string[] }> {
  const unfit: string[] = [];
  let merged: object = {};
  for (const [field, text] of Object.entries(fields)) {
    const value = text.reveal();
    const place = `fields.${ref.kind}.body.${field}`;
    const expression = body[field];
    const part = expression && (await evaluated(place, expression, { ...known, value, lines: value.split('\n') }, now));
    if (part === undefined) unfit.push(field);
    else if (!isObject(part))
      throw new Failure('settings.invalid', { detail: `CRM_MAPPING: ${place}: gives no object` });
    else merged = joined(merged, part);
  }
  return unfit.length > 0 ? { unfit } : { body: merged };
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const joined = (a: object, b: object): object =>
  Object.fromEntries(
    [...new Set([...Object.keys(a), ...Object.keys(b)])].map((name) => {
      const one: unknown = Reflect.get(a, name);
      const other: unknown = Reflect.get(b, name);
      return [name, isObject(one) && isObject(other) ? joined(one, other) : Object.hasOwn(b, name) ? other : one];
    }),
  );
