/** A fetch that lets the test change what goes out or comes back, per operation. */
export interface Tampering {
  readonly fetch: typeof fetch;
  /** Bodies of the GraphQL requests sent. */
  readonly bodies: { readonly operationName: string; readonly query: string; readonly variables: Variables }[];
}
export type Variables = Readonly<Record<string, unknown>>;
type Answer = (forward: () => Promise<Response>, body: Tampering['bodies'][number]) => Promise<Response>;

/** `answers`: operation name → what to do instead of just forwarding; each is used as often as it is met. */
export function tampering(answers: Readonly<Record<string, Answer>> = {}): Tampering {
  const bodies: Tampering['bodies'] = [];
  return {
    bodies,
    fetch: async (url, init) => {
      const forward = () => fetch(url, init);
      if (typeof init?.body !== 'string' || !init.body.startsWith('{')) return forward();
      const body = JSON.parse(init.body) as Tampering['bodies'][number];
      bodies.push(body);
      return (answers[body.operationName] ?? forward)(forward, body);
    },
  };
}

/** Changes the JSON of an answer. */
export const altered =
  (change: (data: Record<string, unknown>) => unknown): Answer =>
  async (forward) => {
    const answer = (await (await forward()).json()) as { data: { useCompany: Record<string, unknown> } };
    const useCompany = change(answer.data.useCompany);
    return Response.json({ ...answer, data: { useCompany } });
  };
