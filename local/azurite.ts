import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

/** Azurite's well-known development account. https://learn.microsoft.com/azure/storage/common/storage-use-azurite */
const DEVELOPMENT_ACCOUNT: StorageAccount = {
  name: 'devstoreaccount1',
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
};

/** Runs inside Azurite: when the pipe from the parent closes, the parent is gone, however it died. */
const END_WITH_PARENT = `process.stdin.on('close', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(), 2000).unref();
}).resume().unref();`;

const SERVICES = ['blob', 'queue', 'table'] as const;
type Service = (typeof SERVICES)[number];
type Ports = Readonly<Record<Service, number>>;

const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 5_000;

export interface StorageAccount {
  readonly name: string;
  /** Base64. */
  readonly key: string;
}

export interface AzuriteOptions {
  /** Folder for the data when not in memory; a temporary one, removed at the end, when absent. */
  readonly location?: string;
  /** Default: true, unless a location is given. */
  readonly inMemory?: boolean;
  /** Default: any free ports. */
  readonly ports?: Partial<Ports>;
  /** Accounts besides the well-known one; any number. */
  readonly accounts?: readonly StorageAccount[];
}

export interface Azurite {
  /** Of the well-known account. */
  readonly connectionString: string;
  readonly queueUrl: string;
  readonly tableUrl: string;
  readonly blobPort: number;
  readonly queuePort: number;
  readonly tablePort: number;
  readonly pid: number | undefined;
  readonly connectionStringFor: (account: StorageAccount) => string;
  stop(): Promise<void>;
  /** The same ports again; the same data when it is on disk. */
  restart(): Promise<void>;
  /** SIGKILL. What Azurite had not yet written to disk (up to some seconds) is lost. `restart()` brings it back. */
  kill(): Promise<void>;
}

/**
 * Starts Azurite as one child process (blob, queue and table together: about 180 MB, where two processes would take more)
 * on 127.0.0.1 and waits until all three answer. It ends with this process.
 */
export async function startAzurite(options: AzuriteOptions = {}): Promise<Azurite> {
  const inMemory = options.inMemory ?? options.location === undefined;
  const temporary = options.location === undefined;
  const location = options.location ?? mkdtempSync(path.join(os.tmpdir(), 'azurite-'));
  const accounts = [DEVELOPMENT_ACCOUNT, ...(options.accounts ?? [])];
  const launch = (ports: Partial<Ports>) => launchAzurite({ location, inMemory, ports, accounts });

  let { child, ports } = await launch(options.ports ?? {});
  const connectionStringFor = (account: StorageAccount): string => toConnectionString(account, ports);
  const stop = async (): Promise<void> => {
    await end(child, 'SIGTERM');
    if (temporary) rmSync(location, { recursive: true, force: true });
  };
  return {
    connectionString: connectionStringFor(DEVELOPMENT_ACCOUNT),
    queueUrl: `http://127.0.0.1:${ports.queue}/${DEVELOPMENT_ACCOUNT.name}`,
    tableUrl: `http://127.0.0.1:${ports.table}/${DEVELOPMENT_ACCOUNT.name}`,
    blobPort: ports.blob,
    queuePort: ports.queue,
    tablePort: ports.table,
    get pid() {
      return child.pid;
    },
    connectionStringFor,
    stop,
    async restart() {
      await end(child, 'SIGTERM');
      ({ child, ports } = await launch(ports));
    },
    kill: () => end(child, 'SIGKILL'),
  };
}

interface Launch {
  readonly location: string;
  readonly inMemory: boolean;
  readonly ports: Partial<Ports>;
  readonly accounts: readonly StorageAccount[];
}

async function launchAzurite({ location, inMemory, ports, accounts }: Launch) {
  const services = SERVICES.flatMap((service) => [
    `--${service}Host`,
    '127.0.0.1',
    `--${service}Port`,
    String(ports[service] ?? 0),
  ]);
  const child = spawn(
    process.execPath,
    [
      '--import',
      `data:text/javascript,${encodeURIComponent(END_WITH_PARENT)}`,
      createRequire(import.meta.url).resolve('azurite/dist/src/azurite.js'),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      ...services,
      ...(inMemory ? ['--inMemoryPersistence'] : ['--location', location]),
    ],
    {
      cwd: location,
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        AZURITE_ACCOUNTS: accounts.map(({ name, key }) => `${name}:${key}`).join(';'),
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  );
  try {
    return { child, ports: await untilListening(child) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}

/** Azurite says each address after it listens, also the port it was given for 0. */
async function untilListening(child: ReturnType<typeof spawn>): Promise<Ports> {
  const { promise, resolve, reject } = Promise.withResolvers<Ports>();
  const found = new Map<string, number>();
  let complaints = '';
  const timer = setTimeout(() => reject(new Error('Azurite did not start in time')), START_TIMEOUT);
  child.once('error', reject);
  child.once('exit', () => reject(new Error(`Azurite ended: ${complaints.trim()}`)));
  child.stderr?.on('data', (chunk) => (complaints += String(chunk)));
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      const parts = /^Azurite (\w+) service is successfully listening at http:\/\/[^:]+:(\d+)/.exec(line);
      if (parts?.[1] !== undefined) found.set(parts[1].toLowerCase(), Number(parts[2]));
      const [blob, queue, table] = SERVICES.map((service) => found.get(service));
      if (blob !== undefined && queue !== undefined && table !== undefined) resolve({ blob, queue, table });
    });
  }
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const lastResort = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  await exited;
  clearTimeout(lastResort);
}

function toConnectionString({ name, key }: StorageAccount, ports: Ports): string {
  const endpoint = (service: Service): string => `http://127.0.0.1:${ports[service]}/${name};`;
  return (
    `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};` +
    `BlobEndpoint=${endpoint('blob')}QueueEndpoint=${endpoint('queue')}TableEndpoint=${endpoint('table')}`
  );
}
