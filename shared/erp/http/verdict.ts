import type { Failure } from '../../failure.ts';

/**
 * What the flow is told of a request: null for an answer, else a failure that every record would meet. `confirm` is
 * there when that is not sure yet: it asks without any record, and gives what stands in the way, or null.
 */
export type OnVerdict = (operation: string, failure: Failure | null, confirm?: () => Promise<Failure | null>) => void;
