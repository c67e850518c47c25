@description('Name of the storage account.')
param name string

@description('Location.')
param location string

@description('Tags.')
param tags object

@description('Redundancy.')
param sku string

@description('In production the account cannot be deleted before its lock is.')
param isProduction bool

@description('Whether it answers from the internet, to identities with a role.')
param publicNetworkAccess string

// The program's names, shared/storage-names.ts. Made here, so that the app needs no time and no luck at its first start,
// and so that an alert on a poison queue has something to look at.
var queueNames = ['crm-changes', 'crm-changes-poison', 'crm-writebacks', 'crm-writebacks-poison']
var tableNames = ['records', 'control', 'audit']

resource account 'Microsoft.Storage/storageAccounts@2025-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: sku
  }
  properties: {
    // Entra only: there is no key that could leak.
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: publicNetworkAccess
    networkAcls: {
      defaultAction: publicNetworkAccess == 'Enabled' ? 'Allow' : 'Deny'
      bypass: 'None'
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-01-01' = {
  parent: blobs
  name: 'app-package'
  properties: {
    publicAccess: 'None'
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-01-01' = [
  for queueName in queueNames: {
    parent: queueService
    name: queueName
  }
]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-01-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-01-01' = [
  for tableName in tableNames: {
    parent: tableService
    name: tableName
  }
]

// The links between both systems and the changes that are under way exist nowhere else.
resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isProduction) {
  scope: account
  name: 'keep'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the links between CRM and ERP. docs/setup.md says how to take everything down.'
  }
}
