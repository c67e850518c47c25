export { createPulse, type Minute, type Pulse } from './pulse.ts';
