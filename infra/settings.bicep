// Every setting of the function app, under the name the program reads, with the program's own defaults: what is set in
// Azure can be read in one place. Empty text counts as unset. Secrets have no place here: they live in the vault.
// test/infra compares this file with the program.

@export()
@sealed()
@description('What a deployment may set, under the names of the settings table. Everything is text, as app settings are.')
type Settings = {
  @description('The Visma.net company number: the one setting without a default.')
  NXT_COMPANY_NO: string
  VISMA_TOKEN_URL: string?
  VISMA_SCOPE: string?
  VISMA_TENANT_ID: string?
  NXT_GRAPHQL_URL: string?
  NXT_CUSTOMER_NUMBER_FROM: string?
  NXT_CUSTOMER_NUMBER_TO: string?
  NXT_CUSTOMER_DEFAULTS: string?
  NXT_CONTACT_DEFAULTS: string?
  NXT_EXTERNAL_ID_COLUMN: string?
  NXT_EXTERNAL_ID_PREFIX: string?
  NXT_CONTACT_FOR_COLUMN: string?
  NXT_FIRST_LINK: ('update' | 'fill' | 'link-only')?
  NXT_ERP_EDITS: ('keep' | 'overwrite')?
  NXT_SAME_ORG_NUMBER: ('ask' | 'create')?
  NXT_ON_CONTACT_DELETED: ('clear' | 'delete' | 'keep')?
  NXT_ON_CUSTOMER_DELETED: ('keep' | 'mark')?
  NXT_CUSTOMER_DELETED_COLUMN: string?
  NXT_CUSTOMER_DELETED_MARK: string?
  DELETES_PER_HOUR: string?
  NXT_REQUESTS_PER_MINUTE: string?
  NXT_MAX_IN_PROGRESS: string?
  NXT_TIMEOUT_SECONDS: string?
  NXT_DOUBT_SECONDS: string?
  LEASE_SECONDS: string?
  SWEEP_SECONDS: string?
  SYNC_MODE: ('write' | 'plan')?
  WAIT_FOR_CUSTOMER_HOURS: string?
  RETENTION_FAILED_DAYS: string?
  RETENTION_DELETED_DAYS: string?
  CRM_API_URL: string?
}

@export()
@description('The program\'s own defaults.')
var defaultSettings = {
  VISMA_TOKEN_URL: 'https://connect.visma.com/connect/token'
  VISMA_SCOPE: 'business-graphql-service-api:access-group-based'
  VISMA_TENANT_ID: ''
  NXT_GRAPHQL_URL: 'https://business.visma.net/api/graphql-service'
  NXT_CUSTOMER_NUMBER_FROM: ''
  NXT_CUSTOMER_NUMBER_TO: ''
  NXT_CUSTOMER_DEFAULTS: '{}'
  NXT_CONTACT_DEFAULTS: '{}'
  NXT_EXTERNAL_ID_COLUMN: 'externalId'
  NXT_EXTERNAL_ID_PREFIX: 'crm'
  NXT_CONTACT_FOR_COLUMN: ''
  NXT_FIRST_LINK: 'update'
  NXT_ERP_EDITS: 'keep'
  NXT_SAME_ORG_NUMBER: 'ask'
  NXT_ON_CONTACT_DELETED: 'clear'
  NXT_ON_CUSTOMER_DELETED: 'keep'
  NXT_CUSTOMER_DELETED_COLUMN: 'Inf8'
  NXT_CUSTOMER_DELETED_MARK: 'Slettet i CRM'
  DELETES_PER_HOUR: '50'
  NXT_REQUESTS_PER_MINUTE: '500'
  NXT_MAX_IN_PROGRESS: '10'
  NXT_TIMEOUT_SECONDS: '30'
  NXT_DOUBT_SECONDS: '90'
  LEASE_SECONDS: '120'
  SWEEP_SECONDS: '60'
  SYNC_MODE: 'write'
  WAIT_FOR_CUSTOMER_HOURS: '168'
  RETENTION_FAILED_DAYS: '30'
  RETENTION_DELETED_DAYS: '30'
  CRM_API_URL: ''
}
