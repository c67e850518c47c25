export { createAudit, type Audit, type AuditEntry } from './audit.ts';
