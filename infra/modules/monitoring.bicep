@description('Name of the Log Analytics workspace.')
param logsName string

@description('Name of the Application Insights component.')
param insightsName string

@description('Location.')
param location string

@description('Tags.')
param tags object

@description('Days that logs are kept.')
param retentionDays int

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' = {
  name: logsName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    features: {
      disableLocalAuth: true
      // Else 30 days may be 31.
      immediatePurgeDataOn30Days: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

// Tables of Application Insights keep 90 days of their own, whatever the workspace says. All that the component can fill
// are listed, also those that a function app does not use.
var insightsTables = [
  'AppAvailabilityResults'
  'AppBrowserTimings'
  'AppDependencies'
  'AppEvents'
  'AppExceptions'
  'AppMetrics'
  'AppPageViews'
  'AppPerformanceCounters'
  'AppRequests'
  'AppSystemEvents'
  'AppTraces'
]

// One after the other: the workspace refuses changes to several tables at once.
@batchSize(1)
resource tables 'Microsoft.OperationalInsights/workspaces/tables@2025-02-01' = [
  for table in insightsTables: {
    parent: logs
    name: table
    properties: {
      plan: 'Analytics'
      retentionInDays: retentionDays
      totalRetentionInDays: retentionDays
    }
    dependsOn: [insights]
  }
]

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: logs.id
    // Telemetry with an Entra token only: the key in the connection string opens nothing.
    DisableLocalAuth: true
    // Addresses of callers are personal data; the default masks them, and this keeps it so.
    DisableIpMasking: false
  }
}
