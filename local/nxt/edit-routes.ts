import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { RowSeed } from './columns.ts';
import { ACCOUNTING, editRow, enterRow } from './edit.ts';
import { EDITABLE, listPage, problemPage, rowPage } from './edit-page.ts';
import { readBody, sendJson } from './http.ts';
import { OTHER_TEXT_LENGTH } from './options.ts';
import type { Handler, Sandbox } from './state.ts';

export const EDIT_PATH = '/sandbox/edit';

const HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'cache-control': 'no-store',
} as const;

function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, HEADERS);
  response.end(page);
}

const user = z.string().trim().min(1).max(24).default(ACCOUNTING);

/** `POST /sandbox/edit` as JSON: `change` alone enters a new row, with `associateNo` it changes one. */
const editSchema = (change: z.ZodType<RowSeed>) =>
  z.union([
    z.strictObject({ associateNo: z.int().positive(), change, user }),
    z.strictObject({ associateNo: z.int().positive(), delete: z.literal(true), user }),
    z.strictObject({ change, user }),
  ]);

/** Every column a client may write, with the longest text the column takes. */
function changeSchema({ columns, settings }: Sandbox): z.ZodType<RowSeed> {
  const lengths: Readonly<Record<string, number | undefined>> = settings.maxLengths;
  const shape = columns.all
    .filter(({ writable }) => writable)
    .map(({ key, type }): [string, z.ZodType] => [
      key,
      type === 'String' ? z.string().max(lengths[key] ?? OTHER_TEXT_LENGTH) : z.number(),
    ]);
  return z.strictObject(Object.fromEntries(shape)).partial();
}

type Edit = z.output<ReturnType<typeof editSchema>>;

/** The row afterwards, null when it was deleted, undefined when there is no such row. */
function carryOut(edit: Edit, sandbox: Sandbox) {
  if (!('associateNo' in edit)) return enterRow(sandbox, edit.change, edit.user);
  const { associateNo } = edit;
  const found = editRow(sandbox, associateNo, 'delete' in edit ? undefined : edit.change, edit.user);
  return found === undefined ? undefined : (sandbox.store.get(associateNo) ?? null);
}

/** What a form says; columns it leaves as they are, are left out, as a person who saves a row changes what he typed. */
function ofForm(text: string, { store }: Sandbox): unknown {
  const form = Object.fromEntries(new URLSearchParams(text));
  const associateNo = Number(form['associateNo']);
  const who = { associateNo, ...(form['user'] && { user: form['user'] }) };
  if (form['do'] === 'delete') return { ...who, delete: true };
  const row = store.get(associateNo);
  const typed = EDITABLE.filter(([key]) => form[key] !== undefined && form[key] !== row?.[key]);
  return { ...who, change: Object.fromEntries(typed.map(([key]) => [key, form[key]])) };
}

/** Browsers name the page that a request comes from; another site's, also under this address, is kept out. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  if (headers.origin === undefined) return false;
  const origin = URL.parse(headers.origin);
  return origin !== null && ['127.0.0.1', 'localhost'].includes(origin.hostname) && origin.host === headers.host;
}

async function takeForm(request: IncomingMessage, response: ServerResponse, sandbox: Sandbox): Promise<void> {
  if (!isOwnPage(request)) {
    sendPage(response, 403, problemPage('The form has to come from this page.'));
    return;
  }
  const edit = editSchema(changeSchema(sandbox)).safeParse(ofForm(await readBody(request), sandbox));
  if (!edit.success) {
    sendPage(response, 400, problemPage('A value is too long, or the row has no number.'));
    return;
  }
  const row = carryOut(edit.data, sandbox);
  if (row === undefined) sendPage(response, 404, problemPage('There is no such row.'));
  else {
    // Reloading the page that comes now sends nothing again.
    response.writeHead(303, {
      location: row === null ? EDIT_PATH : `${EDIT_PATH}?associateNo=${row.associateNo}&saved`,
    });
    response.end();
  }
}

async function takeJson(request: IncomingMessage, response: ServerResponse, sandbox: Sandbox): Promise<void> {
  const text = await readBody(request);
  const edit = z
    .string()
    .transform((json, context): unknown => {
      try {
        return JSON.parse(json);
      } catch {
        context.addIssue('The body is not JSON.');
        return z.NEVER;
      }
    })
    .pipe(editSchema(changeSchema(sandbox)))
    .safeParse(text);
  if (!edit.success) {
    sendJson(response, 400, { error: z.prettifyError(edit.error) });
    return;
  }
  const row = carryOut(edit.data, sandbox);
  sendJson(response, row === undefined ? 404 : 200, row === undefined ? { error: 'There is no such row.' } : { row });
}

/** `/sandbox/edit`: a page where a person edits rows as accounting would, and the same as JSON. */
export function editRoutes(sandbox: Sandbox): Handler {
  const show = (request: IncomingMessage, response: ServerResponse): void => {
    const { searchParams } = new URL(request.url ?? '/', 'http://sandbox');
    const wanted = searchParams.get('associateNo');
    const row = sandbox.store.get(Number(wanted));
    if (wanted === null) sendPage(response, 200, listPage(sandbox.store.all()));
    else if (row === undefined) sendPage(response, 404, problemPage('There is no such row.'));
    else sendPage(response, 200, rowPage(row, searchParams.has('saved') ? 'Saved.' : ''));
  };
  return async (request, response) => {
    const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    if (request.method === 'GET') show(request, response);
    else if (request.method !== 'POST') sendJson(response, 405, { error: 'GET or POST' });
    // A browser asks before it sends JSON to another origin, and is not answered.
    else if (type === 'application/json') await takeJson(request, response, sandbox);
    else if (type === 'application/x-www-form-urlencoded') await takeForm(request, response, sandbox);
    else sendJson(response, 415, { error: 'Send JSON with content-type application/json, or the form.' });
  };
}
