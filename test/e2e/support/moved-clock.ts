// Loaded before a program (`--import`): its clock stands at CLOCK_AT (milliseconds since 1970) until SIGUSR2, and goes on
// from there as fast as any.

const at = Number(process.env['CLOCK_AT'] ?? 0);
const RealDate = Date;
let goesSince: number | null = null;
process.once('SIGUSR2', () => (goesSince = RealDate.now()));

const now = (): number => at + (goesSince === null ? 0 : RealDate.now() - goesSince);

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given: unknown[]) => Reflect.construct(target, given.length === 0 ? [now()] : given) as Date,
  get: (target, name, self) => (name === 'now' ? now : (Reflect.get(target, name, self) as unknown)),
});
