import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * `node infra/bicep.ts`: compiles and lints the templates and both parameter files with the real compiler; a warning is
 * an error. Compiled JSON goes to .local/bicep. Without a compiler it fails: it never passes for want of one.
 */
const VERSION = '0.46.1';

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, '.local/bicep');

const bicep = find();
console.log(`${bicep}: ${execFileSync(bicep, ['--version'], { encoding: 'utf8', env: environment() }).trim()}`);
mkdirSync(cache, { recursive: true });
const clean = [
  run('lint', 'infra/main.bicep'),
  run('build', 'infra/main.bicep', '--outfile', '.local/bicep/main.json'),
  run('build-params', 'infra/dev.bicepparam', '--outfile', '.local/bicep/dev.json'),
  run('build-params', 'infra/prod.bicepparam', '--outfile', '.local/bicep/prod.json'),
];
if (clean.includes(false)) process.exit(1);

/** True when the compiler had nothing to say. */
function run(...args: string[]): boolean {
  const result = spawnSync(bicep, args, { cwd: root, encoding: 'utf8', env: environment() });
  const said = `${result.stdout}${result.stderr}`.trim();
  const ok = result.status === 0 && !/\b(Warning|Error)\b/.test(said);
  console.log(`${ok ? 'ok    ' : 'FAILED'} bicep ${args.join(' ')}`);
  if (said !== '') console.log(said);
  return ok;
}

/** The values that the parameter files demand of a deployment; for a compilation any will do. */
function environment(): NodeJS.ProcessEnv {
  return {
    NXT_COMPANY_NO: '1',
    ALERT_EMAIL: 'operations@example.com',
    DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1',
    ...process.env,
  };
}

function find(): string {
  const places = [process.env['BICEP'], onPath('bicep'), join(homedir(), '.azure/bin/bicep'), cached()];
  const found = places.find((place) => place !== undefined && existsSync(place)) ?? fromNuGet() ?? fromAzureCli();
  if (found !== undefined) return found;
  console.error(
    'No Bicep compiler: install bicep, or the Azure CLI (az bicep install), or .NET, or set BICEP to its path.',
  );
  process.exit(1);
}

function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function cached(): string {
  return join(cache, 'packages', packageName().toLowerCase(), VERSION, 'tools/bicep');
}

function packageName(): string {
  const system = process.platform === 'darwin' ? 'osx' : 'linux';
  return `Azure.Bicep.CommandLine.${system}-${process.arch}`;
}

/** The compiler as a NuGet package, by a project that does nothing but download it. */
function fromNuGet(): string | undefined {
  if (onPath('dotnet') === undefined) return undefined;
  mkdirSync(cache, { recursive: true });
  const project = join(cache, 'compiler.csproj');
  writeFileSync(
    project,
    `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>netstandard2.0</TargetFramework>
    <DisableImplicitFrameworkReferences>true</DisableImplicitFrameworkReferences>
  </PropertyGroup>
  <ItemGroup><PackageDownload Include="${packageName()}" Version="[${VERSION}]" /></ItemGroup>
</Project>
`,
  );
  const result = spawnSync('dotnet', ['restore', project, '--packages', join(cache, 'packages')], { encoding: 'utf8' });
  if (result.status !== 0 || !existsSync(cached())) {
    console.error(`NuGet gave no ${packageName()} ${VERSION}: ${/error .*/.exec(result.stdout)?.[0] ?? 'no answer'}`);
    return undefined;
  }
  chmodSync(cached(), 0o755);
  return cached();
}

function fromAzureCli(): string | undefined {
  if (onPath('az') === undefined) return undefined;
  const installed = join(homedir(), '.azure/bin/bicep');
  spawnSync('az', ['bicep', 'install', '--version', `v${VERSION}`], { stdio: 'inherit' });
  return existsSync(installed) ? installed : undefined;
}
