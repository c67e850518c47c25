import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { snapshotFile, type SnapshotName } from '../../infra/bicep/snapshots.ts';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const INFRA = join(ROOT, 'infra/');

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** A resource as the deployment would make it. What only Azure knows stands as an expression, `[reference(…)]`. */
export type Resource = { [name: string]: Json } & {
  readonly id: string;
  readonly type: string;
  readonly name: string;
};

/** What `bicep snapshot` writes. */
export interface Deployment {
  readonly predictedResources: Resource[];
  readonly diagnostics: Json[];
  readonly outputs: { [name: string]: Json };
}

const readSnapshot = (name: SnapshotName) =>
  JSON.parse(readFileSync(join(ROOT, snapshotFile(name)), 'utf8')) as Deployment;

/** The committed snapshots; compiler.test.ts proves that they are the templates'. */
export const DEPLOYMENTS = {
  dev: readSnapshot('dev'),
  prod: readSnapshot('prod'),
  everything: readSnapshot('everything'),
};
