/** Queue and table names: part of the contract with the host, the templates in infra/ and the operators. */
export const QUEUES = {
  changes: 'crm-changes',
  changesPoison: 'crm-changes-poison',
  writeBacks: 'crm-writebacks',
  writeBacksPoison: 'crm-writebacks-poison',
} as const;

/** One table for records and what is owed for them, one for what all instances share, one for who did what. */
export const TABLES = {
  records: 'records',
  control: 'control',
  audit: 'audit',
} as const;
