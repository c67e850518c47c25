import { html } from 'hono/html';
import type { AuditEntry } from '../../audit/index.ts';
import { osloTime } from '../../oslo-time.ts';
import { page, shown, table, type Html, type View } from './page.ts';

export const auditTable = ({ texts: { audit } }: View, entries: readonly AuditEntry[]): Html =>
  entries.length === 0
    ? html`<p class="ds-paragraph">${audit.nothing}</p>`
    : table(
        audit.title,
        [audit.when, audit.who, audit.what, audit.records, audit.results, audit.selection, audit.reason],
        entries.map(
          ({ at, by, action, count, results, selection, reason, endedAt }) =>
            html`<tr>
              <td>${osloTime(at)}</td>
              <td>${shown(by)}</td>
              <td>${shown(action)}</td>
              <td>${count}</td>
              <td>
                ${
                  endedAt === ''
                    ? audit.unfinished
                    : Object.entries(results)
                        .map(([name, number]) => `${number} ${shown(name)}`)
                        .join(', ')
                }
              </td>
              <td>${shown(selection)}</td>
              <td>${shown(reason)}</td>
            </tr>`,
        ),
      );

export const auditView = (view: View, entries: readonly AuditEntry[]): Html =>
  page(view, 'audit', view.texts.audit.title, auditTable(view, entries));
