/** Whether a host is this machine: nothing that is sent there leaves it. */
function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

/** What is wrong with an address that secrets or personal data are sent to; null for nothing. */
export function addressProblem(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return 'an https URL';
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) return 'an https URL: http is for this machine only';
  if (url.username !== '' || url.password !== '') return 'a URL without user name and password';
  if (/[?#]/.test(text)) return 'a URL without query and fragment';
  return null;
}

/** The same for a vault: its name is what says that it is one. */
export function vaultProblem(text: string): string | null {
  const problem = addressProblem(text);
  if (problem !== null) return problem;
  const { hostname } = new URL(text);
  const isVault = hostname.endsWith('.vault.azure.net') || isLoopback(hostname);
  return isVault ? null : 'a vault’s address, https://<name>.vault.azure.net';
}

type Given = Readonly<Record<string, unknown>>;

const ENDPOINT = /^(?:Blob|Queue|Table)Endpoint$/i;

/** The parts of a storage connection string. */
function partsOf(connection: string): readonly (readonly [name: string, value: string])[] {
  return connection.split(';').map((part) => {
    const at = part.indexOf('=');
    return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
  });
}

/** Whether the settings name a storage account, and it is not on this machine. */
export function isStorageElsewhere(given: Given): boolean {
  const connection = given['AzureWebJobsStorage'];
  if (typeof connection !== 'string')
    return Object.keys(given).some((name) => name.startsWith('AzureWebJobsStorage__'));
  if (/^UseDevelopmentStorage=true/i.test(connection)) return false;
  const parts = partsOf(connection);
  const endpoints = parts.filter(([name]) => ENDPOINT.test(name));
  if (endpoints.length === 0) return parts.some(([name]) => /^AccountName$/i.test(name));
  return endpoints.some(([, value]) => !isLoopback(URL.parse(value)?.hostname ?? ''));
}

/** What is wrong with the addresses in a storage connection string; null for nothing. */
export function connectionProblem(connection: string): string | null {
  const parts = partsOf(connection);
  const endpoints = parts.filter(([name]) => ENDPOINT.test(name));
  if (endpoints.some(([, value]) => addressProblem(value) !== null)) {
    return 'https endpoints: http is for this machine only';
  }
  const isPlain = parts.some(([name, value]) => /^DefaultEndpointsProtocol$/i.test(name) && /^http$/i.test(value));
  const isElsewhere = endpoints.length === 0 && !/^UseDevelopmentStorage=true/i.test(connection);
  return isPlain && isElsewhere ? 'DefaultEndpointsProtocol=https' : null;
}
