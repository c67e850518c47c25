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
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

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

@description('Resource id of the workspace.')
output logsId string = logs.id

@description('Name of the component.')
output insightsName string = insights.name

@description('Where telemetry goes. Not a secret: local authentication is off.')
output insightsConnectionString string = insights.properties.ConnectionString
