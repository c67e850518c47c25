import type { TableClient } from '@azure/data-tables';

/** Row key → etag of the rows that one transaction deletes only if they are still those. */
export type Conditions = ReadonlyMap<string, string>;

/**
 * Table storage takes `If-Match` for a deletion inside a transaction
 * (https://learn.microsoft.com/rest/api/storageservices/performing-entity-group-transactions); the SDK has no word for it
 * and sends `*`. The header is put right on the way out. Transactions are told apart by their abort signal, which each
 * has of its own.
 */
export function conditionalDeletes(table: TableClient): (signal: AbortSignal, conditions: Conditions) => void {
  const asked = new WeakMap<object, Conditions>();
  const policy: Parameters<TableClient['pipeline']['addPolicy']>[0] = {
    name: 'conditionalDeletes',
    sendRequest(request, next) {
      const conditions = request.abortSignal && asked.get(request.abortSignal);
      if (conditions) request.body = withConditions(request.body, conditions);
      return next(request);
    },
  };
  // Before the request is signed, which notes its length.
  table.pipeline.addPolicy(policy, { phase: 'Serialize' });
  return (signal, conditions) => void asked.set(signal, conditions);
}

/** @throws Error when a deletion is not where it is looked for: without its condition it must not be sent. */
function withConditions(body: unknown, conditions: Conditions): string {
  if (typeof body !== 'string') throw new Error('a transaction is no longer a text');
  let text = body;
  for (const [rowKey, etag] of conditions) {
    const key = `RowKey='${encodeURIComponent(rowKey.replaceAll("'", "''"))}')`;
    const start = text.indexOf('DELETE ', text.lastIndexOf('\n', text.indexOf(key)) + 1);
    const header = text.indexOf('If-Match: *', start);
    const isHere = text.includes(key) && start >= 0 && start < text.indexOf(key) && header >= 0;
    if (!isHere) throw new Error('the deletion is not in the transaction');
    text = `${text.slice(0, header)}If-Match: ${etag}${text.slice(header + 'If-Match: *'.length)}`;
  }
  return text;
}
