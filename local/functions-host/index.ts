export { messageLeaseSeconds } from './message-lease-seconds.ts';
export { startFunctionsHost } from './start-functions-host.ts';
export type { FunctionsHost, FunctionsHostOptions } from './start-functions-host.ts';
export { stopOnSignal } from './stop-on-signal.ts';
