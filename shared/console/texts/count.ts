/** `1 change`, `2 changes`. */
export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** How long something has been so, in milliseconds, in the words of a language. */
export const ageIn =
  (lessThanAMinute: string, hours: (count: number) => string, days: (count: number) => string) =>
  (milliseconds: number): string => {
    const minutes = Math.floor(milliseconds / 60_000);
    if (minutes < 1) return lessThanAMinute;
    if (minutes < 120) return `${minutes} min`;
    const inHours = Math.floor(minutes / 60);
    return inHours < 48 ? hours(inHours) : days(Math.floor(inHours / 24));
  };
