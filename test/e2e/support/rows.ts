import type { NxtSandbox, SandboxRow } from '../../../local/nxt/index.ts';

export const rowOf = (sandbox: NxtSandbox, externalId: string): SandboxRow | undefined =>
  sandbox.rows().find((row) => row.externalId === externalId);

/** What an outsider counts: customers and contacts that should be there, against the rows that are. */
export function compare(sandbox: NxtSandbox, customers: number) {
  const [lost, wrongParent]: [string[], string[]] = [[], []];
  for (let n = 1; n <= customers; n += 1) {
    const customer = rowOf(sandbox, `crm:customer:C-${n}`);
    if (!customer || customer.customerNo === 0) lost.push(`C-${n}`);
    for (const which of ['a', 'b']) {
      const contact = rowOf(sandbox, `crm:contact:P-${n}${which}`);
      if (!contact) lost.push(`P-${n}${which}`);
      else if (contact.contactForAssociateNo !== customer?.associateNo) wrongParent.push(`P-${n}${which}`);
    }
  }
  return { lost, wrongParent, doubled: sandbox.doubles(), rows: sandbox.rows().length };
}

/** Requests that changed something, or tried to. */
export function writes({ requests }: NxtSandbox): number {
  const { create, update, delete: deleted } = requests.counts.operations;
  return create + update + deleted;
}
