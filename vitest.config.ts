import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/kit/longest-first.ts';

/** Files that drive whole programs, host the functions or change the environment: each in a process of its own. */
const PROGRAMS = ['e2e', 'browser', 'functions', 'local/functions-host'].map((room) => `test/${room}/**/*.test.ts`);

const limits = {
  // What hangs ends some time; no test is measured by it, however busy the machine.
  testTimeout: 600_000,
  hookTimeout: 600_000,
  // More than the cores of a small machine: programs wait for one another more than they work.
  maxWorkers: 3,
};

export default defineConfig({
  test: {
    reporters: ['default', './test/kit/closing-line-reporter.ts'],
    globalSetup: './test/kit/global-setup.ts',
    sequence: { sequencer: LongestFirst },
    maxWorkers: limits.maxWorkers,
    projects: [
      { test: { ...limits, name: 'programs', include: PROGRAMS } },
      // Files run one after another in few processes, which load the modules once: they keep no state in modules.
      { test: { ...limits, name: 'parts', include: ['test/**/*.test.ts'], exclude: PROGRAMS, isolate: false } },
    ],
  },
});
