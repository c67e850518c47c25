/** Azure hides a fetched message for 10 minutes, not configurable there (QueueListener of the WebJobs SDK). */
const AS_IN_AZURE = 600;

/** `HOST_MESSAGE_LEASE_SECONDS`: how long the messages of a killed host stay hidden. */
export function messageLeaseSeconds(environment: Readonly<Record<string, string | undefined>>): number {
  const text = environment['HOST_MESSAGE_LEASE_SECONDS'] ?? '';
  if (text === '') return AS_IN_AZURE;
  const seconds = Number(text);
  if (!/^\d{1,6}$/.test(text) || seconds < 1 || seconds > 604_800) {
    throw new Error('HOST_MESSAGE_LEASE_SECONDS: a whole number of seconds from 1 to 604800');
  }
  return seconds;
}
