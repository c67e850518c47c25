import { readFileSync } from 'node:fs';
import type { Change } from '../../shared/record/index.ts';
import { Personal } from '../../shared/privacy/index.ts';
import { SettingsError } from '../../shared/settings.ts';
import { createSource, readAdapterSettings, type Source } from '../../shared/sources/index.ts';
import type { TryFlags } from '../flags.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';

/** What a payload becomes, event by event; 1 when the request would be refused or a record would fail. */
export async function tryPayload({ context }: Session, file: string, flags: TryFlags): Promise<ExitCode> {
  const { out } = context;
  const body = read(file);
  const json = parsed(body, file);
  const source = await sourceOf(context.environment(), flags);
  const headers = headersOf(flags.header);
  const request = { header: (name: string) => headers.get(name) ?? null, body: Buffer.from(body) };
  const now = new Date(context.now());
  if (!flags.json) {
    for (const { pointer, event, reason } of (await source.explain?.(json, request, now)) ?? []) {
      out(
        `${pointer}  ${[event === null ? '' : JSON.stringify(event), reason].filter((text) => text !== '').join('\n  ')}`,
      );
    }
  }
  const events = await source.parse(json, request, now);
  if (!events.ok) {
    const problems = events.tooMany ? [{ code: 'request.too-many-events', pointer: '' }] : events.problems;
    out(flags.json ? JSON.stringify({ refused: problems }) : '\nThe whole request would be refused:');
    if (!flags.json) for (const { code, pointer } of problems) out(`✗ ${code} ${pointer}`);
    return 1;
  }
  const isKeptOut = (change: Change): boolean => events.keptOut?.includes(change) ?? false;
  if (!flags.json) out('');
  for (const change of events.changes) {
    out(flags.json ? JSON.stringify(shown(change, isKeptOut(change))) : lines(change, isKeptOut(change)).join('\n'));
  }
  for (const id of events.ignored) out(flags.json ? JSON.stringify({ id, ignored: true }) : `- ignored: ${id}`);
  return events.changes.some(({ body: { op } }) => op === 'invalid') ? 1 : 0;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(`error: ${file} cannot be read`);
  }
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`error: ${file} is not JSON`);
  }
}

async function sourceOf(environment: Readonly<Record<string, string | undefined>>, flags: TryFlags): Promise<Source> {
  const given =
    flags.mapping === undefined ? {} : { CRM_ADAPTER: 'mapped', CRM_MAPPING: asInline(read(flags.mapping)) };
  const settings = readAdapterSettings({ ...environment, ...given });
  if ('CRM_ADAPTER' in settings) return createSource(settings);
  throw new SettingsError(settings);
}

/** A file that is not JSON must be called that, not looked for by name. */
const asInline = (text: string): string => (text.trimStart().startsWith('{') ? text : `{${text}`);

const headersOf = (given: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    given.map((text) => {
      const [name = '', ...value] = text.split(':');
      return [name.trim().toLowerCase(), value.join(':').trim()];
    }),
  );

function shown({ ref, key, body, warnings }: Change, isKeptOut: boolean): object {
  const values = body.op === 'upsert' ? { values: revealed(body.values) } : {};
  const rest = body.op === 'merge' ? { into: body.into } : body.op === 'invalid' ? { problems: body.problems } : {};
  return { record: `${ref.kind}:${ref.crmId}`, op: body.op, ...key, ...values, ...rest, warnings, keptOut: isKeptOut };
}

function lines(change: Change, isKeptOut: boolean): readonly string[] {
  const { ref, key, body, warnings } = change;
  const head = `${ref.kind}:${ref.crmId}  ${WORDS[body.op]}  at ${key.occurredAt}${key.version === null ? '' : `, version ${key.version}`}`;
  const values = body.op === 'upsert' ? Object.entries(revealed(body.values)) : [];
  return [
    body.op === 'invalid' ? `✗ ${head}` : `✓ ${head}${body.op === 'merge' ? ` customer or contact ${body.into}` : ''}`,
    ...values.map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`),
    ...(body.op === 'invalid' ? body.problems : warnings).map(({ code, pointer }) => `    ! ${code} ${pointer}`),
    ...(isKeptOut ? ['    kept out by CRM_SYNC_WHEN, unless it is linked already'] : []),
  ];
}

const WORDS: Readonly<Record<Change['body']['op'], string>> = {
  upsert: 'created or updated',
  delete: 'deleted',
  merge: 'merged into',
  touch: 'is read from the CRM when it is applied',
  erase: 'is erased',
  invalid: 'would be listed as failed',
};

/** The person at the terminal gave the file: what is in it may be shown. */
const revealed = (values: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, unknown]) => [
      name,
      value instanceof Personal ? value.reveal() : value,
    ]),
  );
