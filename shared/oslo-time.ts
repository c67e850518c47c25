/** Operators work in Norway: what they read is Norwegian time, wherever the program runs. Swedish writes dates as ISO does. */
const format = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Oslo',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
});

/** `2026-11-21 09:00`, Norwegian time, of an ISO 8601 time; `-` for no time, or one that never comes. */
export function osloTime(time: string): string {
  const milliseconds = Date.parse(time);
  return Number.isNaN(milliseconds) || time.startsWith('9999') ? '-' : format.format(milliseconds);
}
