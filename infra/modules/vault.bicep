@description('Name of the vault.')
param name string

@description('Location.')
param location string

@description('Tags.')
param tags object

@description('In production a deleted vault can be brought back for 90 days, and nobody can shorten that.')
param isProduction bool

@description('Whether it answers from the internet, to identities with a role.')
param publicNetworkAccess string

@description('The workspace that the audit log goes to.')
param logsName string

resource logs 'Microsoft.OperationalInsights/workspaces@2025-02-01' existing = {
  name: logsName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: isProduction ? 90 : 7
    // Only true or absent: Azure refuses false, and true cannot be taken back. Absent in dev, so that it can be purged.
    enablePurgeProtection: isProduction ? true : null
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      defaultAction: publicNetworkAccess == 'Enabled' ? 'Allow' : 'Deny'
      bypass: 'None'
    }
  }
}

// Who read or changed which secret, and when.
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  scope: vault
  name: 'audit'
  properties: {
    workspaceId: logs.id
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

// The secrets in it exist nowhere else.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isProduction) {
  scope: vault
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the only copy of the secrets. docs/setup.md says how to take everything down.'
  }
}
