import type { Context } from 'hono';
import type { ApiVariables } from './api.ts';
import type { Actor } from '../sync/index.ts';
import type { Html, View } from './views/page.ts';

export interface PageVariables extends ApiVariables {
  readonly view: View;
  /** Of a form that was sent. */
  readonly fields: Fields;
}

/** A form as sent. */
export interface Fields {
  /** The last value of a name; `''` when it did not come. */
  one(name: string): string;
  all(name: string): readonly string[];
  names(): readonly string[];
}

export type Page = Context<{ Variables: PageVariables }>;

export const show = async (c: Page, body: Html, status: 200 | 404 | 409 | 412 = 200): Promise<Response> =>
  c.html(await body, status);

/** Who sent the form, and the reason given in it. */
export const actorOf = (c: Page): Actor => ({
  by: c.get('caller').name,
  reason: c.get('fields').one('reason').slice(0, 500),
});

/** The first line of a page, as its address or form says; 0 for anything else. */
export const firstOf = (text: string | undefined): number => Math.max(0, Math.trunc(Number(text ?? 0)) || 0);
