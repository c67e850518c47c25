import { onTestFinished } from 'vitest';
import { z } from 'zod';
import {
  type NxtSandbox,
  READ_WRITE_SCOPE,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  type SandboxOptions,
  startNxtSandbox,
} from '../../../local/nxt/index.ts';

const answerSchema = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        locations: z.array(z.unknown()).optional(),
        extensions: z.record(z.string(), z.unknown()).optional(),
      }),
    )
    .optional(),
  extensions: z.record(z.string(), z.unknown()).optional(),
});

export type Answer = z.output<typeof answerSchema>;

export interface Client {
  readonly sandbox: NxtSandbox;
  readonly token: string;
  /** The HTTP answer, whatever it is. */
  readonly post: (body: unknown, token?: string) => Promise<Response>;
  readonly ask: (query: string, variables?: Record<string, unknown>) => Promise<Answer>;
  /** The `associate` field of a document `{ useCompany(no: …) { <field> } }`; throws the first error. */
  readonly read: (field: string, variables?: Record<string, unknown>) => Promise<unknown>;
  readonly create: (values: readonly object[], rest?: string, items?: string) => Promise<Answer>;
  readonly update: (filter: object, value: object) => Promise<Answer>;
}

export async function requestToken(sandbox: NxtSandbox, change: Record<string, string> = {}): Promise<Response> {
  const form = {
    grant_type: 'client_credentials',
    scope: READ_WRITE_SCOPE,
    client_id: SANDBOX_CLIENT_ID,
    client_secret: SANDBOX_CLIENT_SECRET,
    ...change,
  };
  return fetch(sandbox.tokenUrl, { method: 'POST', body: new URLSearchParams(form) });
}

export const tokenOf = async (response: Response): Promise<string> =>
  z.object({ access_token: z.string() }).parse(await response.json()).access_token;

const associateOf = (data: unknown): unknown =>
  z.object({ useCompany: z.object({ associate: z.unknown() }) }).parse(data).useCompany.associate;

export const CREATE = (rest: string, items: string) =>
  `mutation create($no: Int!, $values: [Associate_Input!]!) {
    useCompany(no: $no) { associate_create(values: $values ${rest}) { affectedRows items { ${items} } } }
  }`;

const UPDATE = `mutation update($no: Int!, $filter: FilterExpression_Associate, $value: Associate_Input) {
  useCompany(no: $no) {
    associate_update(filter: $filter, value: $value) { affectedRows items { associateNo name phone } }
  }
}`;

/** A sandbox that is stopped after the test, with a token and a few ways to ask it. */
export async function startClient(options: SandboxOptions = {}, change: Record<string, string> = {}): Promise<Client> {
  const sandbox = await startNxtSandbox(options);
  onTestFinished(() => sandbox.stop());
  const token = await tokenOf(await requestToken(sandbox, change));
  const post = (body: unknown, bearer = token) =>
    fetch(sandbox.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
      body: JSON.stringify(body),
    });
  const ask = async (query: string, variables: Record<string, unknown> = {}) =>
    answerSchema.parse(await (await post({ query, variables: { no: sandbox.companyNo, ...variables } })).json());
  return {
    sandbox,
    token,
    post,
    ask,
    read: async (field, variables) => {
      const { data, errors } = await ask(`query read($no: Int!) { useCompany(no: $no) { ${field} } }`, variables);
      if (errors !== undefined) throw new Error(errors[0]?.message);
      return associateOf(data);
    },
    create: (values, rest = '', items = 'associateNo customerNo name shortName') =>
      ask(CREATE(rest, items), { values }),
    update: (filter, value) => ask(UPDATE, { filter, value }),
  };
}
