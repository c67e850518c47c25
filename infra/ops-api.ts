import { z } from 'zod';
import { bodies, privacyBodies } from '../shared/console/index.ts';

// The operators' API in the OpenAPI document: the same under /api/ops/v1 (signed in) and /api/ops-key/v1 (with a key).

const BASES = ['/api/ops/v1', '/api/ops-key/v1'] as const;

const body = (schema: z.ZodType) => ({
  required: true,
  content: { 'application/json': { schema: z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' }) } },
});

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
});

const answer = (description: string) => ({
  description,
  content: { 'application/json': { schema: { type: 'object' } } },
});

const REFUSALS = {
  401: { description: 'Nobody whom the platform vouches for, or no key.' },
  403: problem('Neither of the roles reader and operator, a reader who acts, or a request from another site.'),
  503: problem('Storage does not answer just now.'),
};

const query = (name: string, description: string, schema: object = { type: 'string' }) => ({
  name,
  in: 'query',
  required: false,
  description,
  schema,
});

const SELECTION = [
  query('record', '`customer:C-1001`; any number of times.', { type: 'array', items: { type: 'string' } }),
  query('code', 'Only this code.'),
  query('olderThanHours', 'In this state for at least so many hours.', { type: 'number' }),
];

const RECORD = ['kind', 'crmId'].map((name) => ({
  name,
  in: 'path',
  required: true,
  schema: name === 'kind' ? { type: 'string', enum: ['customer', 'contact'] } : { type: 'string' },
}));

const RECEIPT = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];

interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly says: string;
  readonly parameters?: readonly object[];
  readonly body?: z.ZodType;
  readonly also?: Readonly<Record<number, object>>;
}

const CHANGED = {
  412: problem('`selection.changed`: the selection is not what its etag stands for; nothing was done.'),
};
const REFUSED = { 409: problem('Why it was refused, or what stands in the way just now: a code of docs/failures.md.') };

const GETS: Readonly<Record<string, Operation>> = {
  '/status': { id: 'status', summary: 'The whole sync at a glance.', says: 'Flows, queues, counts.' },
  '/failures': {
    id: 'failures',
    summary: 'What needs a person, grouped and one by one, with the etag of exactly this selection.',
    says: '`{groups, records, fields, etag}`; `fields`: records of which only fields wait.',
    parameters: SELECTION,
  },
  '/waiting': { id: 'waiting', summary: 'What waits, why and until when.', says: '`{items}`', parameters: SELECTION },
  '/planned': { id: 'planned', summary: 'What plan mode decided.', says: '`{items, etag}`', parameters: SELECTION },
  '/planned/plans': {
    id: 'plans',
    summary: 'What would become of up to fifty of them, decided now on what the ERP holds; values are masked.',
    says: '`{items}`: plan, why, fields and columns of each.',
    parameters: SELECTION.slice(0, 1),
  },
  '/records/{kind}/{crmId}': {
    id: 'record',
    summary: 'Everything known of a record but its values.',
    says: 'Where it stands, its link, its failure, its timeline.',
    parameters: RECORD,
  },
  '/audit': {
    id: 'audit',
    summary: 'Who did what, the newest first.',
    says: '`{items}`',
    parameters: [query('limit', 'At most so many, up to 500.', { type: 'integer', default: 50 })],
  },
  '/fields': {
    id: 'fields',
    summary: 'Fields that wait for a person, or for leave to be written to the CRM.',
    says: '`{items}`: record, code, names of fields; no values.',
    parameters: SELECTION,
  },
  '/differences': {
    id: 'differences',
    summary: 'What the last comparison of both systems found, less what was settled since.',
    says: '`{last}`: when, by whom, lines, counts; null before the first.',
  },
  '/notes': { id: 'notes', summary: 'Who looks into which cause.', says: '`{items}`' },
  '/privacy/report': { id: 'privacyReport', summary: 'What is held just now, counted.', says: 'Counts and times.' },
  '/privacy/receipts': { id: 'receipts', summary: 'Requests of persons, the newest first.', says: '`{items}`' },
  '/privacy/receipts/{id}': { id: 'receipt', summary: 'One of them.', says: 'The receipt.', parameters: RECEIPT },
  '/privacy/proof/{crmId}': {
    id: 'proof',
    summary: 'Whether a correction has arrived in the ERP, field by field.',
    says: '`{stands, fields}`; no values.',
    parameters: [{ name: 'crmId', in: 'path', required: true, schema: { type: 'string' } }],
  },
};

const POSTS: Readonly<Record<string, Operation>> = {
  '/failures/replay': {
    id: 'replay',
    summary: 'Has failures tried again with their newest state; up to 1,000 in one request.',
    says: '`{results, left}`',
    body: bodies.replay,
    also: CHANGED,
  },
  '/failures/discard': {
    id: 'discard',
    summary: 'Gives changes up for good.',
    says: '`{items}`: the records.',
    body: bodies.discard,
    also: CHANGED,
  },
  '/planned/values': {
    id: 'planValues',
    summary: 'The same with the values in the clear; audited with the reason.',
    says: '`{items}`; never kept by a cache.',
    body: bodies.planValues,
  },
  '/planned/apply': {
    id: 'applyPlanned',
    summary: 'Has planned changes written although the mode is plan.',
    says: '`{items}`',
    body: bodies.discard,
    also: CHANGED,
  },
  '/waiting/free': { id: 'free', summary: 'Has what waits tried now.', says: '`{items}`', body: bodies.free },
  '/flow/pause': { id: 'pause', summary: 'Pauses the sync to the ERP.', says: 'The flow.', body: bodies.reason },
  '/flow/resume': { id: 'resume', summary: 'Resumes it.', says: 'The flow.', body: bodies.reason },
  '/records/{kind}/{crmId}/link': {
    id: 'link',
    summary: 'This record is that row of the ERP.',
    says: 'The record.',
    parameters: RECORD,
    body: bodies.link,
    also: REFUSED,
  },
  '/records/{kind}/{crmId}/unlink': {
    id: 'unlink',
    summary: 'The record’s row is not its own.',
    says: 'The record.',
    parameters: RECORD,
    body: bodies.reason,
    also: REFUSED,
  },
  '/find': {
    id: 'find',
    summary: 'Looks a record up by an id of the CRM, or a number or name, live in the ERP.',
    says: '`{records, rows, erpAway}`',
    body: bodies.find,
  },
  '/values': {
    id: 'values',
    summary: 'What both sides hold of these records, in the clear; audited with the reason.',
    says: '`{items}`; never kept by a cache.',
    body: bodies.values,
  },
  '/reconcile': {
    id: 'reconcile',
    summary: 'Holds both systems against each other, whole, within the budget of the ERP; writes nothing.',
    says: '`{items}`: kind, record, numbers of rows, names of fields; no values.',
    body: bodies.reason,
    also: REFUSED,
  },
  '/records/{kind}/{crmId}/fields/{field}': {
    id: 'settleField',
    summary: 'Says what becomes of a field that differs: the CRM’s value, the ERP’s, or neither until one changes.',
    says: '`{result}`: `sent`, `when-sent` or `ignored`.',
    parameters: [...RECORD, { name: 'field', in: 'path', required: true, schema: { type: 'string' } }],
    body: bodies.settleField,
    also: REFUSED,
  },
  '/differences/ignore': {
    id: 'letBe',
    summary: 'Lets a difference that is none of fields be, until what was compared changes.',
    says: '`{result}`: `ignored`.',
    body: bodies.letBe,
    also: REFUSED,
  },
  '/differences/settle': {
    id: 'settleMany',
    summary:
      'Settles many lines of the last comparison at once: at most CRM_WRITES_PER_HOUR writes in an hour, to either system.',
    says: '`{results, left, stoppedBy, perHour, comparedAt}`; what is left stays on the list.',
    body: bodies.settleMany,
    also: { ...CHANGED, ...REFUSED },
  },
  '/notes': { id: 'note', summary: 'Says that somebody looks into a cause.', says: '`{items}`', body: bodies.note },
  '/privacy/access': {
    id: 'access',
    summary: 'Everything held about one person, in the clear; audited, with a receipt.',
    says: '`{answer, receipt}`; never kept by a cache.',
    body: privacyBodies.person,
  },
  '/privacy/erase': {
    id: 'erase',
    summary: 'Erases a person and keeps them from being read in again.',
    says: '`{receipt, underWay, unlinked}`',
    body: privacyBodies.person,
  },
  '/privacy/erase/undo': {
    id: 'undoErasure',
    summary: 'The person may be read in again.',
    says: '`{receipt, lifted}`',
    body: privacyBodies.record,
  },
  '/privacy/restrict': {
    id: 'restrict',
    summary: 'The record is kept and not processed.',
    says: 'The receipt.',
    body: privacyBodies.record,
  },
  '/privacy/object': {
    id: 'object',
    summary: 'An objection: restricted until it is decided.',
    says: 'The receipt.',
    body: privacyBodies.record,
  },
  '/privacy/unrestrict': {
    id: 'unrestrict',
    summary: 'Ends a restriction; held changes are applied or dropped.',
    says: 'The receipt.',
    body: privacyBodies.unrestrict,
  },
  '/privacy/receipts/{id}/finish': {
    id: 'finishErasure',
    summary: 'Carries out what is still under way of an erasure.',
    says: '`{receipt, underWay}`',
    parameters: RECEIPT,
  },
  '/privacy/receipts/{id}/decide': {
    id: 'decide',
    summary: 'What was decided on an objection.',
    says: 'The receipt.',
    parameters: RECEIPT,
    body: privacyBodies.decide,
  },
};

/** Paths of the API, under both of its doors. */
export function opsPaths(): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {};
  for (const base of BASES) {
    const security = base === '/api/ops/v1' ? [{ entraId: [] }] : [{ functionKey: [] }];
    const add = (method: 'get' | 'post', path: string, operation: Operation): void => {
      const { id, summary, says, parameters, body: schema, also } = operation;
      paths[base + path] = {
        ...paths[base + path],
        [method]: {
          operationId: base === '/api/ops/v1' ? id : `${id}WithKey`,
          summary,
          security,
          ...(parameters && { parameters }),
          ...(schema && { requestBody: body(schema) }),
          responses: {
            200: answer(says),
            ...(schema && { 400: problem('The body cannot be read.') }),
            ...also,
            ...REFUSALS,
          },
        },
      };
    };
    for (const [path, operation] of Object.entries(GETS)) add('get', path, operation);
    for (const [path, operation] of Object.entries(POSTS)) add('post', path, operation);
  }
  return paths;
}

export const opsSecurity = {
  entraId: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Entra ID through App Service authentication; roles `reader` and `operator`.',
  },
  functionKey: {
    type: 'apiKey',
    in: 'header',
    name: 'x-functions-key',
    description: 'A key of the function `ops-key-read` opens what is read, one of `ops-key-act` what acts.',
  },
};
