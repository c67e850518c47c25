import { customerData } from './records.ts';

/** The customers as a CRM exports them. */
export function toCsv(numbers: readonly number[]): string {
  const lines = numbers.map((n) => {
    const { crmId, companyName, organizationNumber, address, postalCode, city } = customerData(n);
    return [crmId, companyName, organizationNumber, address, postalCode, city].map((cell) => `"${cell}"`).join(';');
  });
  return ['crmId;Firmanavn;Organisasjonsnummer;Adresse;Postnummer;Poststed', ...lines, ''].join('\n');
}
