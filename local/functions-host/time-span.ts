const FORM = /^(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2})(?:\.(\d{1,7}))?$/;

/** .NET's TimeSpan text, `[d.]hh:mm:ss[.fffffff]`, in milliseconds; undefined when it is none. */
export function parseTimeSpan(text: string): number | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [days, hours, minutes, seconds] = [parts[1], parts[2], parts[3], parts[4]].map((part) => Number(part ?? 0));
  if (days === undefined || hours === undefined || minutes === undefined || seconds === undefined) return undefined;
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = Number(`0.${parts[5] ?? '0'}`);
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds + fraction) * 1000;
}
