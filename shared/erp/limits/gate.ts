/** `abandoned`: no answer came; the ERP may still be working on the request. */
export type Fate = 'answered' | 'abandoned';

/** One place among the ERP requests in progress. */
export interface Pass {
  /**
   * Awaited right before each HTTP request of this pass. Returns at once while the start time that came with the pass
   * is still usable, else waits for another.
   */
  start(): Promise<void>;
  /** Called exactly once. An abandoned request keeps its place until the ERP must have given up as well. */
  leave(fate: Fate): void;
}

/** Keeps the ERP's limits. It throws a `Failure` when it cannot tell (`storage.unavailable`). */
export interface Gate {
  /** Waits for a place in progress and a start time. A pass is for requests with one operation each: no batch arrays. */
  enter(): Promise<Pass>;
  /** The ERP asked for less: nothing starts for so many milliseconds. */
  slowDown(ms: number): void;
}
