import type { Engine } from '../../shared/engine.ts';
import { settingsUnlikeTheApps } from '../../shared/told-settings.ts';
import { stopsForPerson } from '../../shared/sync/index.ts';
import { flowText } from '../flow-text.ts';
import { bad, note, ok, type Check } from './check.ts';
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
  yield* await checkErp(runtime);
  const { CRM_API_URL } = runtime.settings;
  if (CRM_API_URL === undefined)
    yield note('write-back', 'CRM_API_URL is not set: new numbers are not sent to the CRM');
  if (storage.some(({ is }) => is === 'bad')) return;
  const unlike = await settingsUnlikeTheApps(runtime.control, runtime.settings);
  if (unlike.length > 0) {
    yield note(
      'settings',
      `not as in the function app: ${unlike.join(', ')}; commands here decide by what is set here`,
    );
  }
  yield* await checkFlows(runtime);
}

async function checkFlows({ sync, writeBack, settings }: Engine): Promise<readonly Check[]> {
  const flows = [
    { name: 'flow to the ERP', status: await sync.flow.status() },
    ...(settings.CRM_API_URL === undefined ? [] : [{ name: 'flow to the CRM', status: await writeBack.flow.status() }]),
  ];
  return flows.map(({ name, status }) => {
    const text = flowText(status, sync.now());
    if (status.is === 'open') return ok(name, text);
    return stopsForPerson(status) ? bad(name, text, 'mend the cause; `status` says when it goes on') : note(name, text);
  });
}
