import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const PROJECT = join(ROOT, 'infra/bicep/compiler.csproj');
const PACKAGES = join(ROOT, '.local/bicep/packages');

/**
 * The pinned compiler as a NuGet package, downloaded when it is not there yet. Answers its path, or why there is none:
 * no .NET on this machine, or no answer from NuGet.
 */
export function restoreCompiler(): { readonly path: string } | { readonly missing: string } {
  const version = /Version="\[(.+)\]"/.exec(readFileSync(PROJECT, 'utf8'))?.[1] ?? '';
  const platform = `${{ darwin: 'osx', win32: 'win' }[process.platform as string] ?? 'linux'}-${process.arch}`;
  const name = process.platform === 'win32' ? 'bicep.exe' : 'bicep';
  const path = join(PACKAGES, `azure.bicep.commandline.${platform}`, version, 'tools', name);
  if (existsSync(path)) return { path };
  const restore = spawnSync('dotnet', ['restore', PROJECT, '--packages', PACKAGES, `-p:BicepPlatform=${platform}`], {
    encoding: 'utf8',
  });
  if (restore.error !== undefined) return { missing: 'no `dotnet` on this machine' };
  if (restore.status !== 0 || !existsSync(path)) {
    return { missing: `NuGet gave no compiler ${version}: ${/error .*/.exec(restore.stdout)?.[0] ?? 'no answer'}` };
  }
  chmodSync(path, 0o755);
  return { path };
}
