import { z } from 'zod';
import { eventsRequest } from '../shared/record/index.ts';
import { opsPaths, opsSecurity } from './ops-api.ts';
import { ACCEPTED_STATUSES, PROBLEMS } from '../shared/sources/index.ts';

// What `infra/write-schemas.ts` writes into docs/schema/.

/** JSON Schema 2020-12 of a request's body, as the sender writes it. */
export const eventsSchema = () => z.toJSONSchema(eventsRequest, { target: 'draft-2020-12', io: 'input' });

/** OpenAPI 3.1 of every route but the pages. */
export const openApi = () => ({
  openapi: '3.1.0',
  info: {
    title: 'CRM to Visma Business NXT',
    version: '1',
    description:
      'Takes change events of customers and contacts and brings the ERP to the same state. See docs/events.md.',
  },
  paths: {
    '/api/webhooks/{source}': { post: receiveChanges() },
    '/api/webhooks/nxt': { post: receiveTableChange },
    '/api/health': { get: health },
    ...opsPaths(),
  },
  components: {
    securitySchemes: { standardWebhooks, vismaSignature, ...opsSecurity },
    schemas: { ...eventSchemas(), Accepted: accepted, Problem: problem },
  },
});

/** The definitions of the events, where OpenAPI wants them. */
function eventSchemas(): Record<string, unknown> {
  const text = JSON.stringify(eventsSchema().$defs).replaceAll('#/$defs/', '#/components/schemas/');
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
});

function receiveChanges() {
  return {
    operationId: 'receiveChanges',
    summary: 'Takes one change event, or 1 to 500 of them. At most 1 MiB.',
    security: [{ standardWebhooks: [] }],
    parameters: [
      {
        name: 'source',
        in: 'path',
        required: true,
        description:
          '`crm`. With `CRM_ADAPTER=hubspot` or `superoffice` that name alone is open, with the vendor’s own proof and body.',
        schema: { type: 'string', enum: ['crm'] },
      },
      header('webhook-id', 'Id of the message, the same at every attempt. Without a full stop.'),
      header('webhook-timestamp', 'When the attempt was made, Unix seconds; at most 5 minutes from now.'),
    ],
    requestBody: {
      required: true,
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ChangeEvents' } } },
    },
    responses: {
      202: {
        description: 'Every event is stored. One line per event, in the order of the request.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Accepted' } } },
      },
      ...problemResponses(),
    },
  };
}

/** One response per status, naming the codes it may carry. */
function problemResponses() {
  const byStatus = new Map<number, { codes: string[]; lines: string[] }>();
  for (const [code, { status, title }] of Object.entries(PROBLEMS)) {
    const response = byStatus.get(status) ?? { codes: [], lines: [] };
    response.codes.push(code);
    response.lines.push(`\`${code}\`: ${title}`);
    byStatus.set(status, response);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, { codes, lines }]) => [
      status,
      {
        description: lines.join(' '),
        ...(status === 503 && { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } } } }),
        content: {
          'application/problem+json': {
            schema: { allOf: [{ $ref: '#/components/schemas/Problem' }, { properties: { code: { enum: codes } } }] },
          },
        },
      },
    ]),
  );
}

const receiveTableChange = {
  operationId: 'receiveTableChange',
  summary: 'Takes Visma’s TableChange of Associate as a hint: the row itself is read.',
  security: [{ vismaSignature: [] }],
  requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
  responses: {
    202: { description: 'Noted; with `ERP_TO_CRM=off` forgotten.' },
    400: { description: 'Signed, and no TableChange.' },
    401: { description: 'Not signed with one of the keys, or there is none.' },
    503: { description: 'It cannot be noted just now.' },
  },
};

const vismaSignature = {
  type: 'apiKey',
  in: 'header',
  name: 'x-vwd-signature-v1',
  description: 'Base64 of HMAC-SHA256 over the raw body, with the key of the application’s webhook.',
};

const health = {
  operationId: 'health',
  summary: 'Whether the program can do its work. One word, no details.',
  security: [],
  responses: {
    200: { description: 'It can.' },
    503: {
      description:
        'It cannot: a setting or secret is missing (`unconfigured`), or storage or the ERP is away (`degraded`).',
    },
  },
};

const standardWebhooks = {
  type: 'apiKey',
  in: 'header',
  name: 'webhook-signature',
  description:
    'Standard Webhooks 1.0.0: `v1,` and the base64 of HMAC-SHA256 over `{webhook-id}.{webhook-timestamp}.{raw body}`, ' +
    'keyed with the base64-decoded part of the secret after `whsec_`. Several, separated by spaces, while secrets rotate.',
};

const accepted = {
  type: 'object',
  required: ['accepted'],
  properties: {
    accepted: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'status'],
        properties: {
          id: { type: 'string', description: 'Id of the event; its first 128 characters.' },
          status: { type: 'string', enum: ACCEPTED_STATUSES },
          code: { type: 'string', description: 'Why it failed, or what was odd about a value.' },
          pointer: { type: 'string', description: 'JSON pointer of the field in the request.' },
        },
      },
    },
  },
};

const problem = {
  type: 'object',
  description: 'RFC 9457. Never repeats a value of the request.',
  required: ['type', 'title', 'status', 'code'],
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    code: { type: 'string', description: 'Stable; of the first problem where there are several.' },
    pointers: {
      type: 'array',
      maxItems: 100,
      description: 'JSON pointers of the bad fields in the request.',
      items: { type: 'string' },
    },
  },
};
