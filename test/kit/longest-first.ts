import { existsSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds each, longest first; the others take less. */
const LONGEST: readonly string[] = [
  'e2e/start',
  'browser/console',
  'browser/way-back',
  'e2e/host',
  'e2e/weekly-comparison',
  'e2e/mapped',
  'functions/storage-faults',
  'e2e/new-customers',
  'local/functions-host/queue',
  'local/functions-host/crash',
  'local/functions-host/timer',
  'local/functions-host/host-program',
  'local/functions-host/azurite',
  'e2e/settings',
  'guards/requests',
  'cli/program',
  'shared/sync/one-record',
  'shared/import/plan',
  'shared/sources/campaign',
  'faults/small',
  'faults/mutants',
  'faults/rights',
  'infra/bootstrap',
  'infra/compiler',
].map((name) => path.resolve('test', `${name}.test.ts`));

/** Starts long files first, so that no worker is left alone with one at the end; the same order in every run. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const gone = LONGEST.filter((file) => !existsSync(file));
    if (gone.length > 0)
      throw new Error(`test/kit/longest-first.ts names files that are not there: ${gone.join(', ')}`);
    const rank = (file: TestSpecification): number => {
      const at = LONGEST.indexOf(file.moduleId);
      const isOneOfMany = file.project.config.isolate ? 0 : LONGEST.length;
      return at === -1 ? LONGEST.length + isOneOfMany : at;
    };
    const byName = (a: TestSpecification, b: TestSpecification): number => (a.moduleId < b.moduleId ? -1 : 1);
    return [...files].sort((a, b) => rank(a) - rank(b) || byName(a, b));
  }
}
