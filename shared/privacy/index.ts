export { Personal } from './personal.ts';
