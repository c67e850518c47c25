import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './program.ts';

export interface GitHub {
  /** What jq makes of the repository's subjects; null: refused. */
  subject: string | null;
  /** What `run list` finds: an id or a number; empty: none. */
  run: string;
}

/** A stand-in for GitHub's command line. `--jq` is answered as jq would, for the expressions that the scripts have. */
export const ghCommands = (github: GitHub, folder: string): Record<string, Command> => ({
  'api *': {
    required: ['jq'],
    answer({ words }) {
      if (words[1] !== 'repos/octo/crm/actions/oidc/customization/sub') throw new Error('Not Found (HTTP 404)');
      if (github.subject === null) throw new Error('Must have admin rights to Repository. (HTTP 403)');
      return github.subject;
    },
  },
  'run list': {
    required: ['workflow', 'branch', 'limit', 'json', 'jq'],
    optional: ['status'],
    answer: () => github.run,
  },
  'run view *': { required: ['json', 'jq'], answer: ({ words }) => `Run ${words[2] ?? ''}` },
  'run download *': {
    required: ['name', 'dir'],
    answer({ words, options }) {
      if (words[2] === '0') throw new Error('no valid artifacts found to download');
      writeFileSync(join(folder, options['dir'] ?? '', 'crm-nxt-sync.zip'), `package of run ${words[2] ?? ''}`);
    },
  },
});
