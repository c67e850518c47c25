export { toMessage, type Pointer } from './message.ts';
export { createQueues, type Queues, type ReceivedPointer } from './queues.ts';
