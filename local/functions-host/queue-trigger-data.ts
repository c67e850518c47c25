import type { DequeuedMessageItem } from '@azure/storage-queue';
import type { TypedData } from './core-types.ts';
import type { TriggerData } from './invoke.ts';
import { newTraceContext } from './trace-context.ts';

/**
 * A queue message as the host hands it to a worker: the text, and metadata under the names of the SDK's
 * QueueTriggerBinding (the library makes them `dequeueCount`, `insertionTime`, …). Like the real host
 * (Utility.ApplyBindingData), top-level values of a JSON message are laid over it: a message with an `id` of its own hides
 * the storage service's.
 */
export function toQueueTriggerData(message: DequeuedMessageItem, text: string, dataType: unknown): TriggerData {
  return {
    input: dataType === 'binary' ? { bytes: Buffer.from(text, 'utf8') } : { string: text },
    triggerMetadata: {
      QueueTrigger: { string: text },
      DequeueCount: { int: message.dequeueCount },
      ExpirationTime: toTime(message.expiresOn),
      Id: { string: message.messageId },
      InsertionTime: toTime(message.insertedOn),
      NextVisibleTime: toTime(message.nextVisibleOn),
      PopReceipt: { string: message.popReceipt },
      ...fromJsonText(text),
    },
    traceContext: newTraceContext(),
  };
}

/** .NET writes a DateTimeOffset in UTC with its offset, not with a Z. */
function toTime(time: Date): TypedData {
  return { json: JSON.stringify(time.toISOString().replace(/(\.000)?Z$/, '+00:00')) };
}

function fromJsonText(text: string): Record<string, TypedData> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return {};
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
  return Object.fromEntries(
    Object.entries(parsed).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[`${name.charAt(0).toUpperCase()}${name.slice(1)}`, { string: String(value) }]]
        : [],
    ),
  );
}
