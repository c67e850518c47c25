import { spawn } from 'node:child_process';

/** Requests to a program that speaks JSON-RPC over its standard input and output, each message after a Content-Length. */
export interface Rpc {
  call(method: string, params: object): Promise<unknown>;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the program. Its end, expected or not, ends every request that still waits. */
export function startRpc(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Rpc {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, Waiting>();
  let received = Buffer.alloc(0);
  let last = 0;
  const endAll = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  child.on('error', endAll);
  child.on('exit', (code) => endAll(new Error(`${program} ended with ${code}`)));
  child.stdout.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    for (let message = take(); message !== undefined; message = take()) settle(message);
  });

  function take(): Message | undefined {
    const headers = received.indexOf('\r\n\r\n');
    if (headers === -1) return undefined;
    const length = Number(/Content-Length: (\d+)/i.exec(received.toString('latin1', 0, headers))?.[1]);
    const end = headers + 4 + length;
    if (received.length < end) return undefined;
    const text = received.toString('utf8', headers + 4, end);
    received = received.subarray(end);
    return JSON.parse(text) as Message;
  }

  function settle({ id, result, error }: Message): void {
    const request = waiting.get(id ?? -1);
    if (id === undefined || request === undefined) return;
    waiting.delete(id);
    if (error === undefined) request.resolve(result);
    else request.reject(new Error(error.message));
  }

  return {
    call(method, params) {
      const id = ++last;
      const body = JSON.stringify({ jsonrpc: '2.0', id, method, params });
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      });
    },
    close() {
      child.kill();
    },
  };
}
