import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `node infra/sbom.ts`: what is shipped, as CycloneDX, in .local/sbom.json.
 *
 * `npm sbom --omit dev` leaves out every package that a development tool uses as well (azurite brings @azure/identity),
 * so the whole list is asked for and reduced to what the lock file does not mark as for development or optional.
 */
interface Component {
  readonly 'bom-ref': string;
}
interface Bom {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  readonly metadata: { readonly component: Component };
}
interface LockEntry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Record<string, LockEntry>;
};
const shipped = new Set(Object.entries(lock.packages).filter(isShipped).map(toRef));
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
const whole = JSON.parse(execFileSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 << 20 })) as Bom;

const components = whole.components.filter((component) => shipped.has(component['bom-ref']));
const refs = new Set([...components, whole.metadata.component].map((component) => component['bom-ref']));
const dependencies = whole.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));

await mkdir(join(root, '.local'), { recursive: true });
await writeFile(join(root, '.local/sbom.json'), `${JSON.stringify({ ...whole, components, dependencies }, null, 2)}\n`);
console.log(`.local/sbom.json: ${components.length} components`);

function isShipped([path, { dev, optional, devOptional }]: readonly [string, LockEntry]): boolean {
  return path !== '' && !dev && !optional && !devOptional;
}

/** `node_modules/a/node_modules/@b/c` at 1.2.3 → `@b/c@1.2.3` */
function toRef([path, { version }]: readonly [string, LockEntry]): string {
  return `${path.split('node_modules/').at(-1) ?? ''}@${version ?? ''}`;
}
