import type { WayBack } from '../../store/index.ts';

/** A field waits for a person to say which value counts. */
export const hasConflict = ({ open }: WayBack): boolean => Object.values(open).some(({ is }) => is === 'conflict');
