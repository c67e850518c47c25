import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { INFRA } from '../deployments.ts';
import { azCommands } from './az.ts';
import { emptyAz } from './az-state.ts';
import { ghCommands, type GitHub } from './gh.ts';
import { parse, play, type Call, type Played } from './program.ts';

/** Hands a call to the server of the sandbox, in bash alone: a start of Node for each call would take most of the time. */
const CLIENT = `#!/usr/bin/env bash
exec 3<>"/dev/tcp/127.0.0.1/$STUB_PORT"
printf '%s\\0' "\${0##*/}" "$#" "$@" >&3
IFS= read -r -d '' status <&3
IFS= read -r -d '' out <&3
IFS= read -r -d '' err <&3
printf '%s' "$out"
printf '%s' "$err" >&2
exit "$status"
`;

/** A folder with the scripts in it, where `az` and `gh` are stand-ins that check what they are asked. */
export class Sandbox {
  readonly az = emptyAz();
  readonly gh: GitHub = { subject: 'true repo:octo@1/crm@2', run: '41' };
  readonly folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  readonly #bin = join(this.folder, 'bin');
  readonly #calls: Call[] = [];
  readonly #server: Server = createServer((socket) => this.#serve(socket));
  readonly #commands = { az: azCommands(this.az, this.folder), gh: ghCommands(this.gh, this.folder) };

  static async open(): Promise<Sandbox> {
    const sandbox = new Sandbox();
    await new Promise<void>((resolve) => sandbox.#server.listen(0, '127.0.0.1', resolve));
    return sandbox;
  }

  private constructor() {
    onTestFinished(() => {
      this.#server.close();
      rmSync(this.folder, { recursive: true, force: true });
    });
    cpSync(INFRA, join(this.folder, 'infra'), { recursive: true });
    mkdirSync(this.#bin);
    mkdirSync(join(this.folder, '.local'));
    this.program('az', CLIENT);
    this.program('gh', CLIENT);
    this.program('node', `#!/usr/bin/env bash\nexec '${process.execPath}' "$@"\n`);
  }

  /** Puts a program on the path. */
  program(name: string, code: string): void {
    writeFileSync(join(this.#bin, name), code);
    chmodSync(join(this.#bin, name), 0o755);
  }

  async run(
    script: string,
    args: readonly string[],
    variables: Readonly<Record<string, string>> = {},
  ): Promise<Played> {
    const env = {
      PATH: `${this.#bin}:/usr/bin:/bin`,
      HOME: this.folder,
      STUB_PORT: String((this.#server.address() as AddressInfo).port),
      BOOTSTRAP_PAUSE: '0',
      DEPLOY_PAUSE: '0',
      ...variables,
    };
    const child = spawn('bash', [join(this.folder, 'infra', script), ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)));
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { status: await ended, stdout, stderr };
  }

  /** Every call so far, in order, of one command or all. */
  calls(command = ''): Call[] {
    return this.#calls.filter(({ words }) => words.join(' ').startsWith(command));
  }

  write(file: string, content: string): void {
    writeFileSync(join(this.folder, file), content);
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** A call is the program's name, the number of arguments, and the arguments, each ended by NUL. */
  #serve(socket: Socket): void {
    let received = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      received += chunk;
      const [program, count, ...rest] = received.split('\0');
      const args = rest.slice(0, -1);
      if (count === undefined || rest.length === 0 || args.length < Number(count)) return;
      const call = parse(args);
      this.#calls.push(call);
      const { status, stdout, stderr } = play(program === 'gh' ? this.#commands.gh : this.#commands.az, call);
      socket.end(`${status}\0${stdout}\0${stderr}\0`);
    });
  }
}
