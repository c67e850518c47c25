const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

/** So many different Norwegian organisation numbers whose check digit (modulus 11) is right. */
export function organizationNumbers(count: number): readonly string[] {
  const found: string[] = [];
  for (let base = 91_000_000; found.length < count; base += 1) {
    const digits = Array.from(String(base), Number);
    const sum = digits.reduce((total, digit, n) => total + digit * (WEIGHTS[n] ?? 0), 0);
    const check = (11 - (sum % 11)) % 11;
    if (check !== 10) found.push(`${base}${check}`);
  }
  return found;
}
