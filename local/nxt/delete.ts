import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { type Call, type MutationResult, type OnError, pathOf, refuseReadOnly } from './call.ts';
import { rowTest } from './filter.ts';
import { RowError } from './row-error.ts';

export interface DeleteArguments extends OnError {
  readonly filter?: object | null;
}

/** `associate_delete`; `items` is always null (verified). Whether a row in use can be deleted is not known. */
export function deleteRows(args: DeleteArguments, call: Call, info: GraphQLResolveInfo): MutationResult {
  refuseReadOnly(call);
  const { store, settings } = call;
  const rows = store.all().filter(rowTest(args.filter, call.columns));
  const deleted = rows.filter((row) => {
    const referenced = settings.deleteReferenced === 'refuse' && store.isReferenced(row.associateNo);
    const error =
      call.refusal('delete', row) ??
      (referenced ? new RowError('RowReferenced', 'The record is in use by another one.') : undefined);
    if (error !== undefined) {
      call.errors.push(new GraphQLError(error.message, { path: pathOf(info), extensions: error.extensions }));
      return false;
    }
    store.remove(row.associateNo);
    call.wrote('delete', row);
    return true;
  });
  return { affectedRows: deleted.length, items: null };
}
