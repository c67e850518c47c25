import type { Handler, Sandbox } from './state.ts';
import { READ_WRITE_SCOPE } from './tokens.ts';

const DAY = 24 * 60 * 60;

const example = (companyNo: number) => `# The sandbox's own company. A token stands under "Headers".
query customers {
  useCompany(no: ${companyNo}) {
    associate(first: 20, filter: { customerNo: { _gt: 0 } }, orderBy: [{ associateNo: ASC }]) {
      totalCount
      items { associateNo customerNo name companyNo postCode postalArea externalId }
    }
  }
}
`;

/** `GET /graphiql`: the page is one file, so it works without internet; it comes with a token of its own. */
export function graphiqlPage({ settings, tokens }: Sandbox): Handler {
  return async (_request, response) => {
    const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
    const page = renderGraphiQL({
      title: 'NXT sandbox',
      endpoint: '/api/graphql-service',
      headers: JSON.stringify({ Authorization: `Bearer ${tokens.issue(READ_WRITE_SCOPE, DAY)}` }),
      defaultQuery: example(settings.companyNo),
    });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(page);
  };
}
