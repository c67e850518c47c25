export { createAudit, type Audit, type AuditEntry, type AuditIntent } from './audit.ts';
