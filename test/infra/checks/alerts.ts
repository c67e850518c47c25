import type { Deployment } from '../deployments.ts';
import { at, ofType, only, textAt } from './read.ts';

/** Each alert, with what its query must read: the fields of the wide lines and of the heartbeat. */
const WANTED: Readonly<Record<string, readonly string[]>> = {
  poison: ['heartbeat', 'line.queues'],
  'oldest-pending': ['heartbeat', 'line.oldestPendingMinutes'],
  'token-failures': ['line.code', 'token.'],
  'number-interval': ['heartbeat', 'line.intervalLeft'],
  'function-errors': ['AppRequests', 'Success == false'],
  'no-heartbeat': ['heartbeat', 'count()'],
  'flow-stopped': ['heartbeat', 'line.flow', 'stopped', 'unconfigured'],
};

export function findAlertProblems(deployment: Deployment): string[] {
  const people = only(deployment, 'Microsoft.Insights/actionGroups').id;
  const rules = ofType(deployment, 'Microsoft.Insights/scheduledQueryRules');
  return Object.entries(WANTED).flatMap(([name, fields]) => {
    const rule = rules.find((candidate) => candidate.name.endsWith(`-${name}`));
    if (rule === undefined) return [`the alert ${name} is missing`];
    const criteria = at(rule, 'properties.criteria.allOf');
    const query = textAt(Array.isArray(criteria) ? (criteria[0] ?? null) : null, 'query');
    const told = JSON.stringify(at(rule, 'properties.actions.actionGroups') ?? []);
    return [
      ...fields.filter((field) => !query.includes(field)).map((field) => `the alert ${name} does not read ${field}`),
      ...(/(project|summarize) value = /.test(query) ? [] : [`the alert ${name} gives no value`]),
      ...(told.includes(people) ? [] : [`the alert ${name} tells nobody`]),
      ...(name !== 'number-interval' || at(rule, 'properties.windowSize') === 'PT2H'
        ? []
        : ['the hourly number of the interval may fall outside the window']),
      ...(at(rule, 'properties.enabled') === true ? [] : [`the alert ${name} is off`]),
    ];
  });
}
