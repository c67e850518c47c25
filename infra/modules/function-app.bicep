import { Settings } from '../settings.bicep'

@description('Name of the function app.')
param name string

@description('Name of the plan.')
param planName string

@description('Location.')
param location string

@description('Tags.')
param tags object

@description('Node version.')
param nodeVersion string

@description('Cap on instances.')
param maximumInstanceCount int

@description('Memory of an instance.')
param instanceMemoryMB int

@description('HTTP requests one instance takes at once.')
param httpConcurrency int

@description('The app\'s identity.')
param identityName string

@description('Storage account of host, queues and tables.')
param storageName string

@description('Vault with the secrets.')
param vaultName string

@description('Where telemetry goes.')
param insightsName string

@description('Whether outgoing traffic leaves through the network.')
param privateNetworking bool

@description('Name of the network, whether there is one or not.')
param networkName string

@description('Client id of the Entra application for the console. Empty: no sign-in.')
param consoleClientId string

@description('Settings of the sync, all of them: text by name.')
param settings Settings

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-07-01' existing = {
  name: '${networkName}/snet-app'
}

// Paths that bring their own proof, or need none. Everything else wants a signed-in person.
var openPaths = [
  '/api/health'
  '/api/webhooks/crm'
  '/api/webhooks/hubspot'
  '/api/webhooks/superoffice'
  '/api/webhooks/nxt'
  '/api/webhooks/*'
  '/api/ops-key'
  '/api/ops-key/*'
]

var platformSettings = {
  // The host and the program's own clients: identity instead of a connection string.
  AzureWebJobsStorage__accountName: storageName
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AZURE_CLIENT_ID: identity.properties.clientId
  KEY_VAULT_URL: 'https://${vaultName}${environment().suffixes.keyvaultDns}'
  // No secret: local authentication is off, so the key in it opens nothing.
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
}

// The sign-in's proof towards Entra is a token of the app's identity: no client secret to store or rotate.
var signInSettings = empty(consoleClientId)
  ? {}
  : {
      OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identity.properties.clientId
      // The program checks again whose tokens it takes; without these the console is closed.
      CONSOLE_CLIENT_ID: consoleClientId
      CONSOLE_TENANT_ID: tenant().tenantId
    }

var appSettings = union(settings, platformSettings, signInSettings)

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  // The tag is how azd finds the app of the service in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'sync' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    // The CRM calls from the internet.
    publicNetworkAccess: 'Enabled'
    virtualNetworkSubnetId: privateNetworking ? appSubnet.id : null
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      appSettings: map(items(appSettings), setting => {
        name: setting.key
        value: setting.value
      })
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: 'https://${storageName}.blob.${environment().suffixes.storage}/app-package'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      runtime: {
        name: 'node'
        version: nodeVersion
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
  }
}

// Deployments sign in with Entra; the publishing user name and password do not work.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-11-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource signIn 'Microsoft.Web/sites/config@2024-11-01' = if (!empty(consoleClientId)) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
    }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'RedirectToLoginPage'
      redirectToProvider: 'azureactivedirectory'
      excludedPaths: openPaths
    }
    httpSettings: {
      requireHttps: true
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: consoleClientId
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: {
          allowedAudiences: [consoleClientId, 'api://${consoleClientId}']
        }
      }
    }
  }
}

@description('Address of the app.')
output baseUrl string = 'https://${app.properties.defaultHostName}'
