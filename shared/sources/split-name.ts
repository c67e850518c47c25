/**
 * A name as the parts that a CRM keeps it in (first, perhaps middle, last), told apart by what the parts are now: as many
 * of them as can be keep their value, and those that are empty stay so. Null where that leaves more than one way.
 */
export function splitName(name: string, now: readonly string[]): readonly string[] | null {
  const words = name.split(' ').filter((word) => word !== '');
  const before = now.map((part) => part.trim());
  // Nothing is known of how the name is kept.
  const isNew = before.every((part) => part === '');
  const isFilled = before.map((part, at) => (isNew ? at === 0 || at === before.length - 1 : part !== ''));
  const rated = waysToSplit(words, before.length).map((parts) => ({
    parts,
    kept: parts.filter((part, at) => part !== '' && part === before[at]).length,
    isAlike: parts.every((part, at) => (part !== '') === isFilled[at]),
  }));
  const rank = ({ kept, isAlike }: (typeof rated)[number]): number => 2 * kept + (isAlike ? 1 : 0);
  const best = Math.max(0, ...rated.map(rank));
  const [way, ...others] = rated.filter((each) => rank(each) === best);
  return best === 0 || way === undefined || others.length > 0 ? null : way.parts;
}

function waysToSplit(words: readonly string[], parts: number): readonly (readonly string[])[] {
  if (parts === 1) return [[words.join(' ')]];
  return Array.from({ length: words.length + 1 }, (_, taken) =>
    waysToSplit(words.slice(taken), parts - 1).map((rest) => [words.slice(0, taken).join(' '), ...rest]),
  ).flat();
}
