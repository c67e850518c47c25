export { createAudit, type Audit, type AuditIntent } from './audit.ts';
