import * as z from 'zod';
import { startRpc } from './rpc.ts';

/** One running compiler: a start costs more than a compilation. Files are named by their absolute paths. */
export interface Compiler {
  readonly version: string;
  /** What the compiler and its linter have to say about a parameter file and all templates below it; nothing: all is well. */
  findProblems(file: string): Promise<string[]>;
  /** All resources that a deployment with this parameter file would make, evaluated offline; as JSON text. */
  snapshot(file: string, resourceGroup: string): Promise<string>;
  /** The file as the compiler would write it. */
  format(file: string): Promise<string>;
  close(): void;
}

/** What a deployment has to be told. The snapshots are made with these, whatever this machine has set. */
const EXAMPLE_VALUES = { NXT_COMPANY_NO: '1234567', ALERT_EMAIL: 'operations@example.com' };

const PLACE = {
  tenantId: '00000000-0000-0000-0000-000000000002',
  subscriptionId: '00000000-0000-0000-0000-000000000001',
  location: 'norwayeast',
};

const versionAnswer = z.object({ version: z.string() });
const formatAnswer = z.object({ contents: z.string() });
const snapshotAnswer = z.object({ snapshot: z.string() });
const snapshotContent = z.looseObject({ outputs: z.record(z.string(), z.json()) });
const compileAnswer = z.object({
  success: z.boolean(),
  diagnostics: z.array(
    z.object({
      source: z.string(),
      range: z.object({ start: z.object({ line: z.number(), char: z.number() }) }),
      level: z.string(),
      code: z.string(),
      message: z.string(),
    }),
  ),
});

/** Starts the compiler at `path`. */
export async function openCompiler(path: string): Promise<Compiler> {
  const { PATH, HOME, TEMP } = process.env;
  // It lives for seconds: to measure its own code for a better one later costs a quarter of its time.
  const runtime = { DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1', DOTNET_TieredPGO: '0' };
  const env = { PATH, HOME, TEMP, ...runtime, ...EXAMPLE_VALUES };
  const rpc = startRpc(path, ['jsonrpc', '--stdio'], env);
  const { version } = versionAnswer.parse(await rpc.call('bicep/version', {}));
  return {
    version,
    async findProblems(file) {
      const answer = await rpc.call('bicep/compileParams', { path: file, parameterOverrides: {} });
      const { success, diagnostics } = compileAnswer.parse(answer);
      const said = diagnostics.map(
        ({ source, range: { start }, level, code, message }) =>
          `${source}(${start.line + 1},${start.char + 1}) ${level} ${code}: ${message}`,
      );
      return success || said.length > 0 ? said : ['the compiler refused it without a word'];
    },
    async snapshot(file, resourceGroup) {
      const metadata = { ...PLACE, resourceGroup, deploymentName: null };
      const answer = await rpc.call('bicep/getSnapshot', { path: file, metadata, externalInputs: [] });
      const { outputs, ...rest } = snapshotContent.parse(JSON.parse(snapshotAnswer.parse(answer).snapshot));
      // The compiler gives outputs in an order that differs from run to run.
      const sorted = Object.fromEntries(Object.entries(outputs).sort(([a], [b]) => (a < b ? -1 : 1)));
      return `${JSON.stringify({ ...rest, outputs: sorted }, null, 2)}\n`;
    },
    async format(file) {
      return formatAnswer.parse(await rpc.call('bicep/format', { path: file })).contents;
    },
    close: () => rpc.close(),
  };
}
