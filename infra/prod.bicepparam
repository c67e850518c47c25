using 'main.bicep'

param environmentName = 'prod'
param location = readEnvironmentVariable('AZURE_LOCATION', 'norwayeast')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param nameSalt = readEnvironmentVariable('NAME_SALT', '')
param consoleClientId = readEnvironmentVariable('CONSOLE_CLIENT_ID', '')

// Survives the loss of one building.
param storageSku = 'Standard_ZRS'
param logRetentionDays = 90

// Uncomment when storage and vault must not answer from the internet (docs/setup.md, "Private network").
// param privateNetworking = true

param settings = {
  NXT_COMPANY_NO: readEnvironmentVariable('NXT_COMPANY_NO')
  CRM_API_URL: readEnvironmentVariable('CRM_API_URL', '')
  NXT_CUSTOMER_NUMBER_FROM: readEnvironmentVariable('NXT_CUSTOMER_NUMBER_FROM', '')
  NXT_CUSTOMER_NUMBER_TO: readEnvironmentVariable('NXT_CUSTOMER_NUMBER_TO', '')
  NXT_CUSTOMER_DEFAULTS: readEnvironmentVariable('NXT_CUSTOMER_DEFAULTS', '{}')
  SYNC_MODE: readEnvironmentVariable('SYNC_MODE', 'plan')
}
