import { QUEUES, TABLES } from '../../../shared/storage-names.ts';
import type { Deployment } from '../deployments.ts';
import { at, ofType } from './read.ts';

/** Queues and tables are those of the program, no fewer and no more, and the alerts look at its poison queues. */
export function findStorageNameProblems(deployment: Deployment): string[] {
  const queues = ownNames(deployment, 'Microsoft.Storage/storageAccounts/queueServices/queues');
  const tables = ownNames(deployment, 'Microsoft.Storage/storageAccounts/tableServices/tables');
  const poison = ofType(deployment, 'Microsoft.Insights/scheduledQueryRules').find(({ name }) =>
    name.endsWith('-poison'),
  );
  const query = JSON.stringify(at(poison, 'properties.criteria') ?? '');
  return [
    ...differences('queue', Object.values(QUEUES), queues),
    ...differences('table', Object.values(TABLES), tables),
    ...Object.values(QUEUES)
      .filter((name) => name.endsWith('-poison') && !query.includes(name))
      .map((name) => `the alert on poison does not look at ${name}`),
  ];
}

const ownNames = (deployment: Deployment, type: string) =>
  ofType(deployment, type).map(({ name }) => name.split('/').at(-1) ?? '');

function differences(what: string, wanted: readonly string[], made: readonly string[]): string[] {
  return [
    ...wanted.filter((name) => !made.includes(name)).map((name) => `the ${what} ${name} is missing`),
    ...made.filter((name) => !wanted.includes(name)).map((name) => `the ${what} ${name} is not the program's`),
  ];
}
