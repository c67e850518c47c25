/** What the caller confirmed is not what is there now: nothing was done. */
export class SelectionChanged extends Error {
  constructor() {
    super('the selection is not what it was when it was confirmed: look at it again');
  }
}
