import type { AssociateNo } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { Columns } from '../associates/columns.ts';
import { recordsOwn, type Judge } from './judge.ts';
import { columnName, deleteDocument, readAffected } from '../associates/documents.ts';
import { readAll, type ReadDeps } from '../associates/read.ts';
import { failureOf } from '../http/reply.ts';
import type { BeforeSend, DeleteOutcome } from '../associates/types.ts';

/**
 * Deletes one row, in a request of its own: deletions are rare, and `items` of a deletion is always null, so a shared
 * answer could not say which rows went.
 * https://docs.vismasoftware.no/businessnxtapi/schema/mutations/deletes
 */
export async function deleteRow(
  deps: ReadDeps & { readonly judge: Judge },
  columns: Columns,
  associateNo: AssociateNo,
  beforeSend: BeforeSend,
): Promise<DeleteOutcome> {
  const { transport, company } = deps;
  const filter = { [columnName(columns, 'associateNo')]: { _eq: associateNo } };
  const operation = {
    name: 'associate_delete',
    document: deleteDocument(),
    variables: { company, filter },
    isJudged: true as const,
  };
  const reply = await transport.send(await transport.enter(), async () =>
    (await beforeSend()) ? operation : undefined,
  );
  if (reply === undefined) return { kind: 'not-sent' };
  if (reply.kind !== 'answered') {
    const cause = (await deps.judge.judge(reply, operation.name, columns)) ?? recordsOwn(reply.failure);
    if (reply.kind === 'refused') throw cause;
    return { kind: 'lost', cause };
  }
  const { fields, errors, traceId } = reply.answer;
  if (errors.length === 0 && readAffected(fields['delete']) > 0) return { kind: 'deleted' };
  let left: number;
  try {
    left = (await readAll(deps, columns, [{ associateNo }])).length;
  } catch (error) {
    return { kind: 'lost', cause: error instanceof Failure ? error : new Failure('bug.unexpected') };
  }
  if (left === 0) return errors.length === 0 ? { kind: 'gone' } : { kind: 'deleted' };
  const failure = failureOf(errors[0], traceId);
  throw failure.code === 'erp.unknown' ? failure : new Failure('erp.row-refused', failure.details);
}
