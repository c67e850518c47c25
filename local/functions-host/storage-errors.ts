import { RestError } from '@azure/storage-queue';

/** True when the storage service answered with this HTTP status. */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof RestError && error.statusCode === status;
}

/** True when somebody else took the message over, or it is gone: nothing is left to do with it. */
export function isMessageGone(error: unknown): boolean {
  return hasStatus(error, 404) || (error instanceof RestError && error.code === 'PopReceiptMismatch');
}
