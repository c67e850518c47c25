import { html } from 'hono/html';
import { BASE, type Html, type View } from './page.ts';

/** Where a long list stands, and links to its neighbours; nothing where it is one page. `path` has a query. */
export function paging(
  { texts: { needs } }: View,
  path: string,
  { from, size, count }: { readonly from: number; readonly size: number; readonly count: number },
): Html {
  if (count <= size) return '';
  const to = Math.min(count, from + size);
  const link = (start: number, label: string): Html =>
    html`<a class="ds-link" href="${BASE}${path}&from=${start}">${label}</a>`;
  return html`<p class="ds-paragraph pages">
    ${needs.page(from + 1, to, count)} ${from > 0 ? link(Math.max(0, from - size), needs.previous) : ''}
    ${to < count ? link(to, needs.next) : ''}
  </p>`;
}
