import { SANDBOX_CLIENT_SECRET, SAMPLE_ROWS, startNxtSandbox } from './index.ts';

const sandbox = await startNxtSandbox({ port: Number(process.env['PORT'] ?? 7100), rows: SAMPLE_ROWS });

console.log(`NXT sandbox, listening on ${sandbox.origin}

  GraphQL    ${sandbox.graphqlUrl}
  Token      ${sandbox.tokenUrl}
  GraphiQL   ${sandbox.origin}/graphiql
  State      ${sandbox.origin}/sandbox/state

  company ${sandbox.companyNo}, client id ${sandbox.clientId}, client secret ${SANDBOX_CLIENT_SECRET}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.stop());
