export { toMessage, type Pointer } from './message.ts';
export { createQueues, type Queues, type ReceivedPointer, type SentMessage } from './queues.ts';
