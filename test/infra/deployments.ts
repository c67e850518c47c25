import { fileURLToPath } from 'node:url';
import { deploy, deployTemplate, type Deployment } from './bicep/deployment.ts';

export const INFRA = fileURLToPath(new URL('../../infra/', import.meta.url));

const FIVE_VALUES = { NXT_COMPANY_NO: '1234567', ALERT_EMAIL: 'operations@example.com' };

/** Both environments as their parameter files give them, evaluated once for all tests. */
export const DEPLOYMENTS: Readonly<Record<'dev' | 'prod', Deployment>> = {
  dev: deploy(`${INFRA}dev.bicepparam`, FIVE_VALUES),
  prod: deploy(`${INFRA}prod.bicepparam`, FIVE_VALUES),
};

/** Every option on. */
export const FULL = deployTemplate(
  `${INFRA}main.bicep`,
  {
    environmentName: 'prod',
    location: 'norwayeast',
    alertEmail: 'operations@example.com',
    settings: { NXT_COMPANY_NO: '1234567' },
    privateNetworking: true,
    monthlyBudget: 100,
    consoleClientId: '00000000-0000-0000-0000-0000000000ee',
  },
  {},
);
