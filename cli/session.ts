import { createOperations, type Operations } from '../shared/sync/index.ts';
import { UsageError, type CommandContext, type GlobalFlags, type Session } from './context.ts';

interface SessionOptions extends GlobalFlags {
  readonly goesOn: () => void;
}

/** Connects when a command first needs it. */
export function openSession(context: CommandContext, { verbose, url, goesOn }: SessionOptions): Session {
  const runtime: Session['runtime'] = async () => {
    if (url === undefined) return context.connect(context.environment());
    throw new UsageError('error: this command needs the storage and the ERP themselves, and does not work with --url');
  };
  const operations = async (): Promise<Operations> => {
    if (url === undefined) return createOperations(await runtime());
    const { remoteOperations } = await import('./remote/operations.ts');
    return remoteOperations(url, context);
  };
  return { context, isVerbose: verbose === true, runtime, operations, goesOn };
}
