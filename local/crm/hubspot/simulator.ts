import { startSimulator, type Simulator, type SimulatorOptions } from '../simulated-api.ts';
import { HubspotApi } from './api.ts';
import { HubspotStore, type HubspotEvent } from './store.ts';

export interface HubspotSimulatorOptions extends SimulatorOptions {
  readonly requestsPer10s?: number;
}

export type HubspotSimulator = Simulator<HubspotEvent, HubspotStore, HubspotApi>;

/** A HubSpot account on this machine. */
export const startHubspotSimulator = (options: HubspotSimulatorOptions): Promise<HubspotSimulator> =>
  startSimulator(
    options,
    (now, tell: (event: HubspotEvent) => void) => new HubspotStore(now, tell),
    (store, now) => new HubspotApi({ ...options, store, now }),
    ({ objects }) => ({ companies: [...objects.companies.values()], contacts: [...objects.contacts.values()] }),
  );
