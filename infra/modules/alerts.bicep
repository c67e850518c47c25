// Alerts over the program's wide lines and its heartbeat. Each query gives one row with one number, `value`.

@description('Name of the action group.')
param actionGroupName string

@description('Part of each rule\'s name.')
param workload string

@description('Location.')
param location string

@description('Tags.')
param tags object

@description('The workspace that the queries read.')
param logsName string

@description('Who is told.')
param email string

@description('Minutes that a change may be pending.')
param pendingMinutes int

@description('Fewest customer numbers left in the interval.')
param numbersLeft int

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: logsName
}

var rules = [
  {
    name: 'poison'
    every: 'PT5M'
    window: 'PT15M'
    severity: 2
    query: loadTextContent('../queries/poison.kql')
    operator: 'GreaterThan'
    threshold: 0
    description: 'Changes failed for good and wait for a person: npm run sync -- failed list.'
  }
  {
    name: 'oldest-pending'
    every: 'PT5M'
    window: 'PT15M'
    severity: 2
    query: loadTextContent('../queries/oldest-pending.kql')
    operator: 'GreaterThan'
    threshold: pendingMinutes
    description: 'A change waits too long: npm run sync -- status says for what.'
  }
  {
    name: 'token-failures'
    every: 'PT5M'
    window: 'PT15M'
    severity: 1
    query: loadTextContent('../queries/token-failures.kql')
    operator: 'GreaterThan'
    threshold: 2
    description: 'Visma Connect gives no token: npm run sync -- doctor. See rotation in docs/setup.md.'
  }
  {
    name: 'number-interval'
    // The heartbeat has this number once an hour.
    every: 'PT1H'
    window: 'PT2H'
    severity: 2
    query: loadTextContent('../queries/number-interval.kql')
    operator: 'LessThan'
    threshold: numbersLeft
    description: 'The interval for customer numbers is nearly full: agree a new one with accounting, change NXT_CUSTOMER_NUMBER_FROM and _TO.'
  }
  {
    name: 'function-errors'
    every: 'PT5M'
    window: 'PT15M'
    severity: 2
    query: loadTextContent('../queries/function-errors.kql')
    operator: 'GreaterThan'
    threshold: 5
    description: 'Functions throw or answer 5xx: see Failures in Application Insights.'
  }
  {
    name: 'no-heartbeat'
    every: 'PT5M'
    window: 'PT15M'
    severity: 1
    query: loadTextContent('../queries/no-heartbeat.kql')
    operator: 'LessThan'
    threshold: 1
    description: 'No heartbeat for 15 minutes: the app does not run, or its telemetry does not arrive.'
  }
  {
    name: 'flow-stopped'
    every: 'PT5M'
    window: 'PT15M'
    severity: 1
    query: loadTextContent('../queries/flow-stopped.kql')
    operator: 'GreaterThan'
    threshold: 0
    description: 'The sync stopped itself: a setting, a secret or a right is wrong, or the ERP is away. npm run sync -- status says which.'
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: actionGroupName
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'crm-nxt'
    emailReceivers: [
      {
        name: 'operators'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${workload}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: '${workload}: ${rule.name}'
      description: rule.description
      severity: rule.severity
      enabled: true
      scopes: [logs.id]
      evaluationFrequency: rule.every
      windowSize: rule.window
      // A new workspace has no AppTraces table before its first line; the query is right all the same.
      skipQueryValidation: true
      autoMitigate: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Maximum'
            metricMeasureColumn: 'value'
            operator: rule.operator
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: [people.id]
      }
    }
  }
]
