/** 128 + SIGINT, what shells expect of an interrupted program. */
const INTERRUPTED = 130;

/** Calls `stop` at the first SIGTERM or SIGINT and exits with its result, 0 when it resolves. A second signal exits at once. */
export function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const onSignal = (): void => {
    if (stopping) process.exit(INTERRUPTED);
    stopping = true;
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
