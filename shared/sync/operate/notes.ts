import * as z from 'zod';
import type { Rows } from '../../store/index.ts';

/** Who looks into a cause, so that two people do not. */
export interface Note {
  readonly code: string;
  readonly by: string;
  readonly at: string;
  readonly text: string;
}

const PARTITION = 'note';
const columns = z.object({ by: z.string(), at: z.string(), text: z.string() });

/** One note per cause. */
export async function readNotes(control: Rows): Promise<readonly Note[]> {
  const notes: Note[] = [];
  for await (const entity of control.range(PARTITION, '', '~')) {
    notes.push({ code: entity.rowKey ?? '', ...columns.parse(entity) });
  }
  return notes;
}

/** The newest note takes the place of the one before; an empty one takes it away. */
export async function writeNote(control: Rows, { code, ...row }: Note): Promise<void> {
  const at = { partitionKey: PARTITION, rowKey: code };
  if (row.text === '') await control.remove(at);
  else await control.save([{ do: 'put', at, row }]);
}
