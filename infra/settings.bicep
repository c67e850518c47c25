// Every setting of the program that a deployment may set, under the name the program reads. The one list in the
// templates: settings.bicepparam gives the values, function-app.bicep passes all of them on, and test/infra compares the
// names with the program's. Everything is text, as app settings are; empty text is unset, and the program's own default
// applies (docs/settings.md). Secrets have no place here: they live in the vault.

@export()
@sealed()
@description('What a deployment may set.')
type Settings = {
  NXT_COMPANY_NO: string
  VISMA_TOKEN_URL: string
  VISMA_SCOPE: string
  VISMA_TENANT_ID: string
  NXT_GRAPHQL_URL: string
  NXT_CUSTOMER_NUMBER_FROM: string
  NXT_CUSTOMER_NUMBER_TO: string
  NXT_CUSTOMER_DEFAULTS: string
  NXT_CONTACT_DEFAULTS: string
  NXT_EXTERNAL_ID_COLUMN: string
  NXT_EXTERNAL_ID_PREFIX: string
  NXT_CONTACT_FOR_COLUMN: string
  NXT_DELIVERY_COLUMN: string
  NXT_PERSONAL_COLUMNS: string
  NXT_FIRST_LINK: '' | 'update' | 'fill' | 'link-only'
  NXT_ERP_EDITS: '' | 'keep' | 'overwrite'
  NXT_SAME_ORG_NUMBER: '' | 'ask' | 'create'
  NXT_SAME_NAME: '' | 'ask' | 'create'
  NXT_ON_CONTACT_DELETED: '' | 'clear' | 'delete' | 'keep'
  NXT_ON_CUSTOMER_DELETED: '' | 'keep' | 'mark'
  NXT_CUSTOMER_DELETED_COLUMN: string
  NXT_CUSTOMER_DELETED_MARK: string
  DELETES_PER_HOUR: string
  NXT_REQUESTS_PER_MINUTE: string
  NXT_MAX_IN_PROGRESS: string
  NXT_TIMEOUT_SECONDS: string
  NXT_DOUBT_SECONDS: string
  LEASE_SECONDS: string
  SWEEP_SECONDS: string
  SYNC_MODE: 'write' | 'plan'
  WAIT_FOR_CUSTOMER_HOURS: string
  RETENTION_FAILED_DAYS: string
  RETENTION_DELETED_DAYS: string
  CRM_ADAPTER: '' | 'standard' | 'hubspot' | 'superoffice' | 'mapped'
  CRM_API_URL: string
  CRM_MAPPING: string
  CRM_SYNC_WHEN: string
  HUBSPOT_ORGANIZATION_NUMBER: string
  HUBSPOT_CUSTOMER_NUMBER: string
  HUBSPOT_ACTOR_NUMBER: string
  HUBSPOT_SYNC_STATUS: string
  SUPEROFFICE_CONTEXT_ID: string
  SUPEROFFICE_LOGIN_URL: string
  SUPEROFFICE_ASSOCIATE_ID: string
  SUPEROFFICE_CUSTOMER_NUMBER: string
  SUPEROFFICE_ACTOR_NUMBER: string
  SUPEROFFICE_PERSON_ACTOR_NUMBER: string
  CRM_REQUESTS_PER_MINUTE: string
  PUBLIC_BASE_URL: string
  ERP_TO_CRM: '' | 'off' | 'report' | 'write'
  NXT_POLL_MINUTES: string
  FIELD_OWNER: string
  CRM_WRITES_PER_HOUR: string
}
