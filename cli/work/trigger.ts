import { createHmac, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { isCrmId } from '../../shared/record/index.ts';
import type { RecordLife } from '../../shared/sync/index.ts';
import { createOperations } from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { json } from '../text.ts';

const LOCAL = 'http://127.0.0.1:7071/api/webhooks/crm';
const TIMEOUT_MS = 10_000;
const LOOK_MS = 500;
const MOST_LOOKS = 60;

interface TriggerFlags extends JsonFlags {
  readonly to?: string;
  readonly crmId?: string;
  readonly wait: boolean;
}

/** A made-up customer: no real firm has the name, and the number is none that the register gives out. */
const madeUp = (crmId: string, version: number) => ({
  id: `evt_${randomUUID()}`,
  type: 'customer.updated',
  occurredAt: new Date().toISOString(),
  version,
  data: {
    crmId,
    customerNumber: null,
    actorNumber: null,
    organizationNumber: null,
    companyName: `Prøvekunde ${crmId} AS`,
    address: `Prøveveien ${version % 1000}`,
    postalCode: '0150',
    city: 'Oslo',
  },
});

/** Sends one made-up change as the CRM does and, unless told not to, waits until it is in sync. */
export async function trigger(session: Session, flags: TriggerFlags): Promise<ExitCode> {
  const { context, runtime, goesOn } = session;
  const running = await runtime();
  const crmId = flags.crmId ?? 'TRIGGER-1';
  if (!isCrmId(crmId)) throw new UsageError('error: --crm-id takes letters, digits and . _ : -, at most 64');
  const url = flags.to ?? context.environment()['WEBHOOK_URL'] ?? LOCAL;
  const [secret] = running.source.secretsIn(await running.secrets.find('crm-webhook-secret'));
  if (secret === undefined) {
    context.err('CRM_WEBHOOK_SECRET: missing; set it to the secret the CRM signs with');
    return 1;
  }
  // Seconds: newer than what was sent before, and below every limit of a version.
  const event = madeUp(crmId, Math.floor(Date.now() / 1000));
  const { status, body } = await send(url, secret, JSON.stringify(event));
  if (status !== 202) {
    context.err(explain(url, status));
    return 1;
  }
  if (!flags.wait) {
    context.out(flags.json ? body : `Taken: ${body}`);
    return 0;
  }
  const operations = createOperations(running);
  const ref = { kind: 'customer', crmId } as const;
  for (let look = 0; look < MOST_LOOKS; look += 1) {
    goesOn();
    const life = await operations.record(ref);
    if (isOver(life)) return end(session, life, flags);
    await delay(LOOK_MS);
  }
  context.err(
    `Taken, and not in sync after ${(MOST_LOOKS * LOOK_MS) / 1000} s: \`record customer:${crmId}\` says why.`,
  );
  return 1;
}

const isOver = ({ stands, pending }: RecordLife): boolean =>
  stands === 'needs-a-person' || stands === 'planned' || (stands === 'in-sync' && pending === null);

function end({ context }: Session, life: RecordLife, flags: TriggerFlags): ExitCode {
  const isFine = life.stands !== 'needs-a-person';
  if (flags.json) {
    const { ref, stands, link } = life;
    context.out(json({ ...ref, stands, associateNo: link?.associateNo ?? null, customerNo: link?.customerNo ?? null }));
  } else if (life.stands === 'in-sync') {
    const { associateNo = 0, customerNo = 0 } = life.link ?? {};
    context.out(`In sync: actor number ${associateNo}, customer number ${customerNo}.`);
  } else {
    context.out(
      `It ${life.stands === 'planned' ? 'is planned' : 'needs a person'}: \`record customer:${life.ref.crmId}\`.`,
    );
  }
  return isFine ? 0 : 1;
}

/** Status 0: nobody answered. */
async function send(url: string, secret: string, body: string): Promise<{ status: number; body: string }> {
  const id = `msg_${randomUUID()}`;
  const seconds = Math.floor(Date.now() / 1000);
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  try {
    const response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${signature}`,
      },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: await response.text() };
  } catch {
    return { status: 0, body: '' };
  }
}

function explain(url: string, status: number): string {
  if (status === 0) return `${url}: nobody answers; is the app up? Name its webhook with --to <url>.`;
  if (status === 401) return `${url}: refuses the signature; CRM_WEBHOOK_SECRET here is not the app’s.`;
  if (status === 404) return `${url}: no such webhook; it ends in /api/webhooks/crm.`;
  return `${url}: answers ${status}; \`doctor\` looks for the cause.`;
}
