export { createFlow, type Flow, type FlowStatus } from './flow.ts';
