import { startHubspot } from './hubspot.ts';
import type { CrmName, LocalCrm } from './local-crm.ts';
import { startStandard } from './standard.ts';
import { startSuperoffice } from './superoffice.ts';

export { CRMS, type CrmName, type LocalCrm } from './local-crm.ts';

const START: Readonly<Record<CrmName, (port: number) => Promise<LocalCrm>>> = {
  standard: startStandard,
  hubspot: startHubspot,
  superoffice: startSuperoffice,
};

/** Starts a CRM on this machine; port 0 takes a free one. */
export const startLocalCrm = (name: CrmName, port: number): Promise<LocalCrm> => START[name](port);
