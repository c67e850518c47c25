export { openConsole } from './open.ts';
export type { Door } from './console.ts';
export { whoAsks } from './access.ts';
export { privacyBodies } from './privacy/request.ts';
export { bodies } from './request.ts';
