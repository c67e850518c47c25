import type { Server } from 'node:http';

export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

/** Answers each question of the parent with what this process has used; ends with the parent. */
export function answerUsage(): void {
  process.on('message', ({ id }: { id: number }) => {
    const { user, system } = process.cpuUsage();
    const answer: Usage = { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1_048_576 };
    process.send?.({ id, answer });
  });
  process.on('disconnect', () => process.exit());
}

/** Listens on a free port and tells the parent which. */
export function serve(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' && address !== null ? address.port : 0);
  });
}
