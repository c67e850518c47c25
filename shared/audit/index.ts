export { createAudit, type Audit, type AuditEntry, type AuditIntent, type AuditResult } from './audit.ts';
