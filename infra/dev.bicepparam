using 'main.bicep'

param environmentName = 'dev'
param location = readEnvironmentVariable('AZURE_LOCATION', 'norwayeast')
param alertEmail = readEnvironmentVariable('ALERT_EMAIL', 'nobody@example.com')
param nameSalt = readEnvironmentVariable('NAME_SALT', '')
param consoleClientId = readEnvironmentVariable('CONSOLE_CLIENT_ID', '')

// Decides and reports, writes nothing, until someone has read what it would do: then SYNC_MODE=write.
param settings = {
  NXT_COMPANY_NO: readEnvironmentVariable('NXT_COMPANY_NO', '')
  CRM_API_URL: readEnvironmentVariable('CRM_API_URL', '')
  NXT_CUSTOMER_NUMBER_FROM: readEnvironmentVariable('NXT_CUSTOMER_NUMBER_FROM', '')
  NXT_CUSTOMER_NUMBER_TO: readEnvironmentVariable('NXT_CUSTOMER_NUMBER_TO', '')
  NXT_CUSTOMER_DEFAULTS: readEnvironmentVariable('NXT_CUSTOMER_DEFAULTS', '{}')
  SYNC_MODE: readEnvironmentVariable('SYNC_MODE', 'plan')
}
