import { search } from 'jmespath';

/** What a stand-in for `az` or `gh` was asked: the words before the first option, and the options by name. */
export interface Call {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

/** A command as the real program has it: an option that it does not know, or lacks, ends the call as it would there. */
export interface Command {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  /** Changes the world, and answers what the command prints before `--query`. Throws what the service would refuse. */
  readonly answer: (call: Call) => unknown;
}

export interface Played {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

const GLOBAL_OPTIONS = ['query', 'output', 'only-show-errors'];

/** Plays one call. Status 2 is what the real argument parser would refuse, 1 what the service would. */
export function play(commands: Readonly<Record<string, Command>>, call: Call): Played {
  const { words, options } = call;
  const command = commands[words.join(' ')] ?? commands[`${words.slice(0, -1).join(' ')} *`];
  if (command === undefined) return refusal(2, `'${words.join(' ')}' is misspelled or not recognized`);
  const missing = command.required.filter((name) => options[name] === undefined);
  if (missing.length > 0) return refusal(2, `the following arguments are required: --${missing.join(', --')}`);
  const known = [...command.required, ...(command.optional ?? []), ...GLOBAL_OPTIONS];
  const unknown = Object.keys(options).filter((name) => !known.includes(name));
  if (unknown.length > 0) return refusal(2, `unrecognized arguments: --${unknown.join(', --')}`);
  try {
    return { status: 0, stdout: printed(command.answer(call), options), stderr: '' };
  } catch (error) {
    return refusal(1, error instanceof Error ? error.message : String(error));
  }
}

export function parse(args: readonly string[]): Call {
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const options: Record<string, string> = {};
  let name = '';
  for (const arg of first === -1 ? [] : args.slice(first)) {
    if (arg.startsWith('--')) {
      name = arg.slice(2);
      options[name] = '';
    } else options[name] = options[name] === '' ? arg : `${options[name] ?? ''} ${arg}`;
  }
  return { words: first === -1 ? args : args.slice(0, first), options };
}

const refusal = (status: number, message: string): Played => ({ status, stdout: '', stderr: `ERROR: ${message}\n` });

function printed(answer: unknown, { query, jq, output = 'json' }: Readonly<Record<string, string>>): string {
  if (jq !== undefined) return `${String(answer)}\n`;
  const result = query === undefined ? answer : (search(answer, query) as unknown);
  if (output === 'none' || result === undefined) return '';
  if (output === 'json') return `${JSON.stringify(result, null, 2)}\n`;
  // tsv: a line per element, nothing for null.
  const lines: unknown[] = Array.isArray(result) ? result : [result];
  const there = lines.filter((line) => line !== null);
  return there.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
}
