import { Failure, FAILURES } from '../shared/failure.ts';
import { describeError } from '../shared/log.ts';
import { SettingsError } from '../shared/settings.ts';
import { isStorageFault, storageStatus } from '../shared/storage.ts';
import { SelectionChanged } from '../shared/sync/index.ts';
import { UsageError } from './context.ts';
import { TooQuiet } from './silence.ts';

const NOTHING_SET =
  'Beside a running `npm start` no settings are needed. Else set them in the environment, or copy ' +
  'local.settings.sample.json to local.settings.json and put yours in; `npm run sync -- doctor` then checks them.';

/** What the operating system says of a file, in words. */
const FILES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file: check the name and the folder you are in',
  EISDIR: 'this is a folder: name the file in it',
  ENOTDIR: 'a part of this path is no folder: check the path',
  EACCES: 'this file may not be read or written by you: check its rights with `ls -l`',
  EPERM: 'this file may not be read or written by you: check its rights with `ls -l`',
};

/**
 * What went wrong and what mends it, in a sentence or two. A library's own message never gets here: it may hold a
 * request, and so personal values.
 */
export function explain(error: unknown, isVerbose: boolean): string {
  if (error instanceof UsageError || error instanceof SelectionChanged) return error.message;
  if (error instanceof SettingsError) {
    const lines = error.problems.map(({ name, message }) => `${name}: ${message}`);
    const isMissing = error.problems.every(({ message }) => message.startsWith('missing'));
    return [...lines, ...(isMissing ? [NOTHING_SET] : [])].join('\n');
  }
  if (error instanceof Failure) {
    return `${error.code}: ${FAILURES[error.code].meaning} ${FAILURES[error.code].action}`;
  }
  if (error instanceof TooQuiet) {
    return `storage: no answer within ${error.seconds} s; check the network and AzureWebJobsStorage, then run \`npm run sync -- doctor\``;
  }
  return explainStorage(error) ?? explainFile(error) ?? explainUnknown(error, isVerbose);
}

function explainStorage(error: unknown): string | null {
  const status = storageStatus(error);
  if (status === 401 || status === 403) {
    return (
      'storage: refuses this account; put the right AccountKey into AzureWebJobsStorage, or give yourself the roles ' +
      'Storage Table Data Contributor and Storage Queue Data Contributor, then run `npm run sync -- doctor`'
    );
  }
  if (status !== null || isStorageFault(error)) {
    return 'storage: not reachable just now; check AzureWebJobsStorage and the network, then run `npm run sync -- doctor`';
  }
  // The Azure SDKs complain of a string they cannot read by a plain Error, before anything is sent.
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (/node_modules\/@azure\/(?:data-tables|storage-|core-)/.test(stack)) {
    return 'AzureWebJobsStorage: cannot be used as it stands; copy the connection string anew from the storage account';
  }
  return null;
}

function explainFile(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  const why = FILES[error.code];
  if (why === undefined) return null;
  return 'path' in error && typeof error.path === 'string' ? `${error.path}: ${why}` : why;
}

/** A fault of this program. Its class and place are enough for a report; the message could hold anything. */
function explainUnknown(error: unknown, isVerbose: boolean): string {
  const sentence = 'This is a fault in the program, not in your command: the work was left where it was.';
  return isVerbose
    ? `${sentence}\n${JSON.stringify(describeError(error))}`
    : `${sentence} Run it again with --verbose and report what it prints.`;
}
