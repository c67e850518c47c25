// Everything the sync needs in one resource group. No key, no secret: the app signs in as its own identity, and the
// vault is created empty (docs/setup.md says how to fill it).

import { Settings, defaultSettings } from 'settings.bicep'

@description('Environment: part of every name, and decides what cannot be undone in production.')
@allowed(['dev', 'prod'])
param environmentName string

@description('Where everything is made. The pipeline checks that Node 24 is offered there.')
param location string = resourceGroup().location

@description('Settings of the sync, by the names of the settings table.')
param settings Settings

@description('Who is told about alerts.')
param alertEmail string

@description('Makes the globally unique names differ when the resource group is made anew under its old name: a deleted vault keeps its name for its retention.')
@maxLength(16)
param nameSalt string = ''

@description('Node of the function app. Must be in the location\'s list: infra/scripts/check-runtime.sh.')
param nodeVersion string = '24'

@description('Cap on on-demand instances per function group. The ERP\'s limit is kept by the app itself, not by this (docs/scale.md).')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Memory of an instance in MB (docs/scale.md).')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('HTTP requests one instance takes at once (docs/scale.md).')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 32

@description('Put storage and vault behind private endpoints, and the app into a network that reaches them.')
param privateNetworking bool = false

@description('Whether storage and vault answer from the internet (to identities with a role only). Disabled needs privateNetworking.')
@allowed(['Enabled', 'Disabled'])
param publicNetworkAccess string = privateNetworking ? 'Disabled' : 'Enabled'

@description('Storage redundancy.')
@allowed(['Standard_LRS', 'Standard_ZRS'])
param storageSku string = 'Standard_LRS'

@description('Client id of the Entra application that guards the console. Empty: no sign-in, and the console answers 401 to everyone.')
param consoleClientId string = ''

@description('Days that logs are kept. They hold identifiers and codes, no personal data.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Minutes that a change may be pending before an alert.')
@minValue(5)
param pendingAlertMinutes int = 30

@description('Alert when fewer customer numbers than this are left in the interval.')
@minValue(1)
param numbersLeftAlert int = 100

@description('Budget for the resource group, per month in the subscription\'s currency. 0: none.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month in which the budget starts, such as 2026-12-01. It cannot be changed afterwards.')
param budgetStart string = '2026-12-01'

var workload = 'crmnxt'
var unique = take(uniqueString(resourceGroup().id, nameSalt), 6)
var isProduction = environmentName == 'prod'

// Abbreviations of the Cloud Adoption Framework.
var names = {
  identity: 'id-${workload}-${environmentName}'
  plan: 'asp-${workload}-${environmentName}'
  functionApp: 'func-${workload}-${environmentName}-${unique}'
  storage: 'st${workload}${environmentName}${unique}'
  vault: 'kv-${workload}-${environmentName}-${unique}'
  logs: 'log-${workload}-${environmentName}'
  insights: 'appi-${workload}-${environmentName}'
  actionGroup: 'ag-${workload}-${environmentName}'
  network: 'vnet-${workload}-${environmentName}'
}

var tags = {
  workload: 'crm-nxt-sync'
  environment: environmentName
}

module identity 'modules/identity.bicep' = {
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    logsName: names.logs
    insightsName: names.insights
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
}

module storage 'modules/storage.bicep' = {
  params: {
    name: names.storage
    location: location
    tags: tags
    sku: storageSku
    publicNetworkAccess: publicNetworkAccess
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: tags
    isProduction: isProduction
    publicNetworkAccess: publicNetworkAccess
    logsId: monitoring.outputs.logsId
  }
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: {
    name: names.network
    location: location
    tags: tags
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
  }
}

module access 'modules/access.bicep' = {
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    vaultName: vault.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module functionApp 'modules/function-app.bicep' = {
  params: {
    name: names.functionApp
    planName: names.plan
    location: location
    tags: tags
    nodeVersion: nodeVersion
    maximumInstanceCount: maximumInstanceCount
    instanceMemoryMB: instanceMemoryMB
    httpConcurrency: httpConcurrency
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainerUrl: storage.outputs.packageContainerUrl
    vaultUrl: vault.outputs.url
    insightsConnectionString: monitoring.outputs.insightsConnectionString
    subnetId: privateNetworking ? network!.outputs.appSubnetId : ''
    consoleClientId: consoleClientId
    settings: union(defaultSettings, settings)
  }
  // The host reads its storage as soon as the app exists.
  dependsOn: [access]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    actionGroupName: names.actionGroup
    workload: '${workload}-${environmentName}'
    location: location
    tags: tags
    logsId: monitoring.outputs.logsId
    email: alertEmail
    pendingMinutes: pendingAlertMinutes
    numbersLeft: numbersLeftAlert
  }
}

module workbook 'modules/workbook.bicep' = {
  params: {
    displayName: 'CRM to Business NXT (${environmentName})'
    location: location
    tags: tags
    logsId: monitoring.outputs.logsId
  }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  params: {
    name: 'budget-${workload}-${environmentName}'
    amount: monthlyBudget
    startDate: budgetStart
    email: alertEmail
  }
}

@description('Name of the function app: what infra/scripts/deploy-app.sh deploys to.')
output functionAppName string = functionApp.outputs.name

@description('Address of the app.')
output baseUrl string = functionApp.outputs.baseUrl

@description('Register this address at the CRM.')
output webhookUrl string = '${functionApp.outputs.baseUrl}/api/webhooks/crm'

@description('Says unconfigured until the secrets are in the vault.')
output healthUrl string = '${functionApp.outputs.baseUrl}/api/health'

@description('The vault that the secrets go into.')
output vaultName string = vault.outputs.name

@description('The storage account: what the operators\' command line points at.')
output storageAccountName string = storage.outputs.name

@description('The app\'s identity: what the console\'s sign-in trusts instead of a secret.')
output identityPrincipalId string = identity.outputs.principalId

@description('What to do next.')
output nextSteps array = [
  'Put the secrets into ${vault.outputs.name}: infra/scripts/put-secret.sh (docs/setup.md, step 5).'
  'Open ${functionApp.outputs.baseUrl}/api/health: unconfigured becomes 200 within minutes.'
  'Run npm run sync -- doctor.'
  'Register ${functionApp.outputs.baseUrl}/api/webhooks/crm at the CRM.'
]
