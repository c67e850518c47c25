/** Who acts and why, as the audit list keeps it. Whoever calls says who it is from a proof, never from a request. */
export interface Actor {
  readonly by: string;
  readonly reason: string;
}
