// Everything the sync needs in one resource group. No key, no secret: the app signs in as its own identity, and the
// vault is created empty (docs/setup.md says how to fill it).

// Modules are told names and not what other modules put out: what-if can then foresee everything that depends on a name,
// role assignments above all. The order stands in dependsOn.

import { Settings } from 'settings.bicep'

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
param maximumInstanceCount int = 5

@description('Memory of an instance in MB (docs/scale.md).')
@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@description('HTTP requests one instance takes at once (docs/scale.md).')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 32

@description('Put storage and vault behind private endpoints, closed to the internet, and the app into a network that reaches them. Off: they answer from the internet, to identities with a role.')
param privateNetworking bool = false

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

@description('Budget of the resource group. Left out: none.')
param budget Budget?

@sealed()
@description('How much, and from when. Azure takes no start before the current month for a new budget, and no other start for one that is there: the start is written down once and stays.')
type Budget = {
  @description('Per month, in the subscription\'s currency.')
  @minValue(1)
  amount: int

  @description('First day of the month in which the budget is made, such as 2026-12-01.')
  @minLength(10)
  @maxLength(10)
  startDate: string
}

var workload = 'crmnxt'
var unique = take(uniqueString(resourceGroup().id, nameSalt), 6)
var isProduction = environmentName == 'prod'
var publicNetworkAccess = privateNetworking ? 'Disabled' : 'Enabled'

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

// The route that is open: HubSpot and SuperOffice post to their own, every other adapter to the CRM's.
var adapter = settings.CRM_ADAPTER
var webhookSource = contains(['hubspot', 'superoffice'], adapter) ? adapter : 'crm'

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
    isProduction: isProduction
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
    logsName: names.logs
  }
  dependsOn: [monitoring]
}

module network 'modules/network.bicep' = if (privateNetworking) {
  params: {
    name: names.network
    location: location
    tags: tags
    storageName: names.storage
    vaultName: names.vault
  }
  dependsOn: [storage, vault]
}

module access 'modules/access.bicep' = {
  params: {
    identityName: names.identity
    storageName: names.storage
    vaultName: names.vault
    insightsName: names.insights
  }
  dependsOn: [identity, storage, vault, monitoring]
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
    identityName: names.identity
    storageName: names.storage
    vaultName: names.vault
    insightsName: names.insights
    privateNetworking: privateNetworking
    networkName: names.network
    consoleClientId: consoleClientId
    settings: settings
  }
  // The host reads its storage as soon as the app exists.
  dependsOn: [access, network]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    actionGroupName: names.actionGroup
    workload: '${workload}-${environmentName}'
    location: location
    tags: tags
    logsName: names.logs
    email: alertEmail
    pendingMinutes: pendingAlertMinutes
    numbersLeft: numbersLeftAlert
  }
  dependsOn: [monitoring]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    displayName: 'CRM to Business NXT (${environmentName})'
    location: location
    tags: tags
    logsName: names.logs
  }
  dependsOn: [monitoring]
}

module monthlyBudget 'modules/budget.bicep' = if (budget != null) {
  params: {
    name: 'budget-${workload}-${environmentName}'
    amount: budget!.amount
    startDate: budget!.startDate
    email: alertEmail
  }
}

@description('Name of the function app: what infra/scripts/deploy-app.sh deploys to.')
output functionAppName string = names.functionApp

@description('Address of the app.')
output baseUrl string = functionApp.outputs.baseUrl

@description('Register this address at the CRM.')
output webhookUrl string = '${functionApp.outputs.baseUrl}/api/webhooks/${webhookSource}'

@description('Says unconfigured until the secrets are in the vault.')
output healthUrl string = '${functionApp.outputs.baseUrl}/api/health'

@description('The vault that the secrets go into.')
output vaultName string = names.vault

@description('The storage account: what the operators\' command line points at.')
output storageAccountName string = names.storage

@description('The app\'s identity: what the console\'s sign-in trusts instead of a secret.')
output identityPrincipalId string = identity.outputs.principalId

@description('What to do next.')
output nextSteps array = [
  'Put the secrets into ${names.vault}: infra/scripts/put-secret.sh (docs/setup.md, step 5).'
  'Open ${functionApp.outputs.baseUrl}/api/health: unconfigured becomes 200 within minutes.'
  'Run npm run sync -- doctor.'
  'Register ${functionApp.outputs.baseUrl}/api/webhooks/${webhookSource} at the CRM.'
]
