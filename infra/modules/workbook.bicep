@description('Shown in the portal.')
param displayName string

@description('Location.')
param location string

@description('Tags.')
param tags object

@description('The workspace that the charts read.')
param logsName string

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: logsName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // The name of a workbook is a GUID; derived, so that a deployment updates it instead of adding one.
  name: guid(logs.id, 'crm-nxt-sync')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: displayName
    category: 'workbook'
    sourceId: logs.id
    serializedData: loadTextContent('../workbook.json')
  }
}
