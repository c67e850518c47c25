/** 128 + SIGINT, what shells expect of an interrupted program. */
const INTERRUPTED = 130;

const LOOK_FOR_PARENT_MS = 250;

/**
 * Calls `stop` at the first SIGTERM or SIGINT and exits with its result, 0 when it resolves. A second signal exits at once.
 * Under npm, the end of the shell that npm runs scripts in counts as one: npm hands a SIGTERM to that shell, and dash, the
 * `sh` of Debian and Ubuntu, dies of it without telling anyone.
 */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const end = (): void => {
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  const onSignal = (): void => {
    if (stopping) process.exit(INTERRUPTED);
    end();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  if (process.env['npm_lifecycle_event'] !== undefined && process.platform !== 'win32') {
    whenParentIsGone(() => {
      if (!stopping) end();
    });
  }
}

function whenParentIsGone(act: () => void): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    act();
  }, LOOK_FOR_PARENT_MS).unref();
}
