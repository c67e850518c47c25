/** Everything the program does to the world outside its process, by what it does. */
export const STEP_KINDS = [
  'table.read',
  'table.list',
  'table.insert',
  'table.update',
  'table.transaction',
  'table.delete',
  'queue.send',
  'queue.receive',
  'queue.renew',
  'queue.delete',
  'erp.token',
  'erp.schema',
  'erp.read',
  'erp.create',
  'erp.update',
  'erp.delete',
  'crm.patch',
] as const;
export type StepKind = (typeof STEP_KINDS)[number] | 'other';

/** Which step a request to Azure Storage is. `path` is what follows the host, with the account first. */
export function kindOfStorageRequest(method: string, path: string): StepKind {
  if (/\/\$batch/.test(path)) return 'table.transaction';
  if (/\/messages/.test(path)) {
    const isOne = /\/messages\/[^?]/.test(path);
    if (method === 'POST') return 'queue.send';
    if (method === 'PUT') return 'queue.renew';
    if (method === 'DELETE') return isOne ? 'queue.delete' : 'other';
    return 'queue.receive';
  }
  if (/PartitionKey=|\/Tables/i.test(path) || /^\/[^/]+\/[A-Za-z0-9]+(\(\))?(\?|$)/.test(path)) {
    if (/\/Tables/.test(path) || /restype=|comp=/.test(path)) return 'other';
    switch (method) {
      case 'GET':
        return path.includes('PartitionKey=') ? 'table.read' : 'table.list';
      case 'POST':
        return 'table.insert';
      case 'PUT':
      case 'PATCH':
      case 'MERGE':
        return 'table.update';
      case 'DELETE':
        return 'table.delete';
      default:
        return 'other';
    }
  }
  return 'other';
}

export function kindOfErpBody(body: string): StepKind {
  if (body.includes('associate_create(')) return 'erp.create';
  if (body.includes('associate_update(')) return 'erp.update';
  if (body.includes('associate_delete(')) return 'erp.delete';
  if (body.includes('__schema') || body.includes('__type')) return 'erp.schema';
  return 'erp.read';
}
