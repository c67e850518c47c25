import type { Engine } from '../../shared/engine.ts';
import { settingsUnlikeTheApps } from '../../shared/published-settings.ts';
import { osloTime } from '../../shared/oslo-time.ts';
import { soon } from '../../shared/secrets/index.ts';
import { stopsForPerson } from '../../shared/sync/index.ts';
import { flowText } from '../flow-text.ts';
import { bad, note, ok, type Check } from './check.ts';
import { checkClock } from './check-clock.ts';
import { checkCrm } from './check-crm.ts';
import { checkErp } from './check-erp.ts';
import { checkSecrets } from './check-secrets.ts';
import { checkStorage } from './check-storage.ts';

/** Step by step; what rests on a step that failed is not tried. Reads only, but for missing queues and tables. */
export async function* examine(runtime: Engine): AsyncGenerator<Check> {
  yield ok('settings', `company ${runtime.settings.NXT_COMPANY_NO}, SYNC_MODE=${runtime.sync.settings.SYNC_MODE}`);
  const storage = await checkStorage(runtime);
  yield* storage;
  const secrets = await checkSecrets(runtime);
  yield* secrets;
  const erp = await checkErp(runtime);
  yield* erp;
  // The machine's own clock, whatever time the sync is told.
  yield await checkClock(runtime.settings.VISMA_TOKEN_URL, Date.now);
  yield await checkCrm(runtime);
  yield* await checkExpiries(runtime);
  yield checkAlerts(runtime);
  if (storage.some(({ is }) => is === 'bad')) return;
  const unlike = await settingsUnlikeTheApps(runtime.control, runtime.settings);
  if (unlike.length > 0) {
    yield note(
      'settings',
      `not as in the function app: ${unlike.join(', ')}; commands here decide by what is set here`,
    );
  }
  yield* await checkFlows(runtime, erp);
}

/** Alerts and the workbook read what the app logs; on one machine nobody does. */
function checkAlerts({ settings }: Engine): Check {
  const isInAzure = settings.KEY_VAULT_URL !== undefined;
  const hasSource = (process.env['APPLICATIONINSIGHTS_CONNECTION_STRING'] ?? '') !== '';
  if (hasSource) return ok('alerts', 'the log goes to Application Insights');
  return isInAzure
    ? note(
        'alerts',
        'APPLICATIONINSIGHTS_CONNECTION_STRING is not set here; in the app it must be, or no alert ever comes',
      )
    : note('alerts', 'no Application Insights, as fits outside Azure');
}

/** Only where a vault knows: a date that is near is said before it comes. */
async function checkExpiries({ expiries, sync }: Engine): Promise<readonly Check[]> {
  const known = await expiries();
  if (known === null) return [];
  const near = soon(known, sync.now());
  if (near.length === 0) return [ok('secrets’ dates', 'none expires within 30 days')];
  return near.map(({ name, at }) => {
    const todo = 'make a new one where it came from, and put it into the vault (infra/scripts/put-secret.sh)';
    return bad(`secret ${name}`, `${Date.parse(at) < sync.now() ? 'expired' : 'expires'} ${osloTime(at)}`, todo);
  });
}

async function checkFlows({ sync, writeBack, settings }: Engine, erp: readonly Check[]): Promise<readonly Check[]> {
  /** What was just found stops the sync too: it is red once, where it can be mended. */
  const isSaid = (code: string): boolean =>
    erp.some(({ is, detail }) => is === 'bad' && detail.startsWith(`${code}: `));
  const flows = [
    { name: 'sync to the ERP', status: await sync.flow.status() },
    ...(settings.CRM_API_URL === undefined ? [] : [{ name: 'sync to the CRM', status: await writeBack.flow.status() }]),
  ];
  return flows.map(({ name, status }) => {
    const text = flowText(status, sync.now());
    if (status.is === 'open') return ok(name, text);
    const isForPerson = stopsForPerson(status) && !(status.is === 'stopped' && isSaid(status.code));
    return isForPerson ? bad(name, text, 'mend the cause; `status` says when it goes on') : note(name, text);
  });
}
