import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { ZodError } from 'zod';
import { Failure, FAILURES } from '../failure.ts';
import type { Rights } from '../rights/index.ts';
import type { Environment } from '../settings.ts';
import { isStorageFault } from '../storage.ts';
import { SelectionChanged } from '../sync/index.ts';
import { whoAsks, type Access, type Caller } from './access.ts';
import { createApi, NotFound } from './api.ts';
import type { Asset } from './assets.ts';
import type { FormTokens } from './form-token.ts';
import { LANGUAGES, languageOf, type Language } from './language.ts';
import { isFromHere, isJson } from './origin.ts';
import { createOpenFieldPages } from './differences/open-pages.ts';
import { createDifferencesPages } from './differences/pages.ts';
import { createPrivacyApi } from './privacy/api.ts';
import { createPrivacyPages } from './privacy/pages.ts';
import type { Fields, PageVariables } from './page-request.ts';
import { createPages, type PagesDeps } from './pages.ts';
import type { Texts } from './texts/en.ts';
import { BASE, type View } from './views/page.ts';
import { problemPage } from './views/problem.ts';

export interface ConsoleDeps extends PagesDeps {
  readonly environment: Environment;
  readonly rights: Rights;
  readonly tokens: FormTokens;
  readonly asset: (name: string) => Promise<Asset | null>;
  readonly now: () => number;
  /** What nobody expected, for the log. */
  readonly onBug: (error: unknown) => void;
}

/** By which door a request came: signed in, or with a key that the platform has checked. */
export type Door = 'sign-in' | 'key';

/** Nothing that a page needs beyond its own, and no page of another site around it. */
const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const MOST_BYTES = 256 * 1024;
const LANGUAGE_COOKIE = 'ops-language';

/**
 * The console and its JSON API as one function from a request to an answer. `path` is the part after `/api/ops` or
 * `/api/ops-key`. With a key only the API is open.
 */
export function createConsole(deps: ConsoleDeps): (request: Request, door: Door) => Promise<Response> {
  const pages = createPages(deps);
  const api = createApi(deps.operations);
  const privacyPages = createPrivacyPages(deps.rights);
  const differencesPages = createDifferencesPages(deps.operations);
  const openFieldPages = createOpenFieldPages(deps.operations);
  const privacyApi = createPrivacyApi(deps.rights);

  return async (request, door) => {
    const caller =
      door === 'sign-in' ? whoAsks(request.headers.get('x-ms-client-principal'), deps.environment) : byKey(request);
    const app = new Hono<{ Variables: PageVariables }>();
    app.use(async (c, next) => {
      await next();
      const headers = c.res.headers;
      headers.set('content-security-policy', POLICY);
      headers.set('x-content-type-options', 'nosniff');
      // Not `no-referrer`: a browser then sends the page's own forms with the origin `null`.
      headers.set('referrer-policy', 'same-origin');
      headers.set('cross-origin-opener-policy', 'same-origin');
      headers.set('cross-origin-resource-policy', 'same-origin');
      if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
    });
    app.onError((error, c) =>
      toProblem(deps, error, wantsJson(c.req.raw), textsOf(c.req.raw, getCookie(c, LANGUAGE_COOKIE))),
    );
    app.notFound((c) => refuse(404, 'not-found', c.req.raw, getCookie(c, LANGUAGE_COOKIE)));

    app.use(async (c, next) => {
      const chosen = c.req.query('lang') ?? getCookie(c, LANGUAGE_COOKIE);
      const language = languageOf(chosen, c.req.header('accept-language') ?? null);
      const refused = (status: 401 | 403, problem: keyof Texts['problem']) =>
        refuse(status, problem, c.req.raw, language);
      if (typeof caller === 'string') return refused(caller === 'unknown' ? 401 : 403, caller);
      if (c.req.method !== 'GET' && !isFromHere(sentOf(c.req.raw))) return refused(403, 'cross-site');
      if (c.req.query('lang') !== undefined) rememberLanguage(c, language, request.url);
      c.set('caller', caller);
      c.set('view', await viewOf(deps, caller, language, c.req.path));
      return next();
    });
    app.get('/:name{console\\.css|refresh\\.js}', async (c) => {
      const found = await deps.asset(c.req.param('name'));
      if (!found) throw new NotFound();
      return c.body(found.text, 200, { 'content-type': found.type, 'cache-control': 'private, max-age=3600' });
    });

    app.use('/v1/*', async (c, next) => {
      if (c.req.method !== 'GET' && c.get('caller').role !== 'operator') return refuse(403, 'no-role', c.req.raw);
      if (c.req.method !== 'GET' && !isJson(c.req.header('content-type') ?? null))
        return refuse(403, 'cross-site', c.req.raw);
      return next();
    });
    app.route('/v1/privacy', privacyApi);
    app.route('/v1', api);
    if (door === 'sign-in') {
      app.post('*', async (c, next) => {
        const { name, role } = c.get('caller');
        const fields = toFields(await formOf(c.req.raw));
        // Looking somebody up is a reader's right too.
        if (role !== 'operator' && c.req.path !== '/find')
          return refuse(403, 'no-role', c.req.raw, c.get('view').texts.language);
        if (!(await deps.tokens.accepts(fields.one('token'), name))) {
          return refuse(403, 'expired', c.req.raw, c.get('view').texts.language);
        }
        c.set('fields', fields);
        return next();
      });
      app.route('/differences/open', openFieldPages);
      app.route('/differences', differencesPages);
      app.route('/privacy', privacyPages);
      app.route('/', pages);
    }
    return app.fetch(await inside(request));
  };
}

/** A key for reading opens what is read, another what acts: the platform checked which, by the function it belongs to. */
const byKey = ({ method }: Request): Access => ({ name: 'ops-key', role: method === 'GET' ? 'reader' : 'operator' });

/** The same request with the path that follows the prefix, whatever case it was written in, and a bounded body. */
async function inside(request: Request): Promise<Request> {
  const url = new URL(request.url);
  url.pathname = url.pathname.replace(/^\/api\/ops(?:-key)?(?=\/|$)/i, '').replace(/\/+$/, '') || '/';
  if (request.method === 'GET') return new Request(url, { headers: request.headers });
  const body = await request.arrayBuffer();
  if (body.byteLength > MOST_BYTES) return new Request(url, { method: request.method });
  return new Request(url, { method: request.method, headers: request.headers, body });
}

const sentOf = ({ url, headers }: Request) => ({ url, header: (name: string) => headers.get(name) });

function rememberLanguage(c: Parameters<typeof setCookie>[0], language: Language, url: string): void {
  const secure = url.startsWith('https:');
  setCookie(c, LANGUAGE_COOKIE, language, { path: BASE, httpOnly: true, sameSite: 'Lax', secure, maxAge: 31_536_000 });
}

async function viewOf(
  { tokens, now }: Pick<ConsoleDeps, 'tokens' | 'now'>,
  caller: Caller,
  language: Language,
  path: string,
): Promise<View> {
  let ids = 0;
  return {
    texts: LANGUAGES[language],
    caller,
    token: await tokens.issue(caller.name),
    now: now(),
    nextId: () => `f${(ids += 1)}`,
    path: path === '/' ? '' : path,
  };
}

/** What was sent is no form, or more than one holds. */
class BadRequest extends Error {}

async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    throw new BadRequest();
  }
}

function toFields(form: FormData): Fields {
  const texts = (name: string) => form.getAll(name).filter((value) => typeof value === 'string');
  return { one: (name) => texts(name).at(-1) ?? '', all: texts, names: () => [...new Set(form.keys())] };
}

const wantsJson = ({ url, headers }: Request): boolean =>
  new URL(url).pathname.startsWith('/v1/') || !(headers.get('accept') ?? '').includes('text/html');

const textsOf = (request: Request, chosen?: string): Texts =>
  LANGUAGES[languageOf(chosen, request.headers.get('accept-language'))];

/** A refusal shows nothing of what is inside: a sentence for a browser, a problem for a program. */
function refuse(status: number, problem: keyof Texts['problem'], request: Request, chosen?: string): Promise<Response> {
  const texts = textsOf(request, chosen);
  return answer(
    status,
    problem,
    LANGUAGES.en.problem[problem],
    wantsJson(request) ? null : texts,
    texts.problem[problem],
  );
}

async function answer(
  status: number,
  code: string,
  title: string,
  texts: Texts | null,
  sentence: string,
): Promise<Response> {
  if (texts) {
    return new Response(await problemPage(texts, sentence), {
      status,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  }
  const body = JSON.stringify({ type: 'about:blank', title, status, code });
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

function toProblem(
  { onBug }: Pick<ConsoleDeps, 'onBug'>,
  error: Error,
  isJsonWanted: boolean,
  texts: Texts,
): Promise<Response> {
  const say = (status: number, problem: keyof Texts['problem']) =>
    answer(status, problem, LANGUAGES.en.problem[problem], isJsonWanted ? null : texts, texts.problem[problem]);
  if (error instanceof NotFound) return say(404, 'not-found');
  if (error instanceof ZodError || error instanceof SyntaxError || error instanceof BadRequest) return say(400, 'bad');
  if (error instanceof SelectionChanged) {
    return answer(
      412,
      'selection.changed',
      LANGUAGES.en.needs.changed,
      isJsonWanted ? null : texts,
      texts.needs.changed,
    );
  }
  if (error instanceof Failure) {
    const { meaning, action } = FAILURES[error.code];
    const own = texts.failures[error.code] ?? { meaning, action };
    return answer(409, error.code, `${meaning} ${action}`, isJsonWanted ? null : texts, `${own.meaning} ${own.action}`);
  }
  if (isStorageFault(error)) return say(503, 'away');
  onBug(error);
  return answer(
    500,
    'bug.unexpected',
    FAILURES['bug.unexpected'].meaning,
    isJsonWanted ? null : texts,
    FAILURES['bug.unexpected'].meaning,
  );
}
