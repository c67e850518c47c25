import { startSimulator, type Simulator, type SimulatorOptions } from '../simulated-api.ts';
import { SuperofficeApi } from './api.ts';
import { SuperofficeStore, type SuperofficeEvent } from './store.ts';

export interface SuperofficeSimulatorOptions extends SimulatorOptions {
  readonly requestsPerMinute?: number;
  readonly associate?: number;
}

export type SuperofficeSimulator = Simulator<SuperofficeEvent, SuperofficeStore, SuperofficeApi>;

/** A SuperOffice tenant on this machine. */
export const startSuperofficeSimulator = (options: SuperofficeSimulatorOptions): Promise<SuperofficeSimulator> =>
  startSimulator(
    options,
    (now, tell: (event: SuperofficeEvent) => void) => new SuperofficeStore(now, tell),
    (store, now) => new SuperofficeApi({ ...options, store, now }),
    ({ entities }) => ({ companies: [...entities.contact.values()], persons: [...entities.person.values()] }),
  );
