import type { Kind } from '../../shared/record/index.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Time as it passes for the CRM. */
export type CrmTime = Pick<VirtualTime, 'now' | 'sleep' | 'hop'>;

export type CrmFields = Readonly<Record<string, string | number | null>>;

interface Held {
  readonly kind: Kind;
  fields: Record<string, string | number | null>;
  version: number;
  changedAt: number;
}

/** One change of a record, as the CRM has it. */
export interface CrmChange {
  readonly by: 'person' | 'program';
  readonly kind: Kind;
  readonly crmId: string;
  readonly before: CrmFields;
  readonly after: CrmFields;
  /** What was sent. */
  readonly fields: readonly string[];
}

/**
 * A CRM in memory: people edit its records, `PATCH` does, and it sends an event of either. It knows `If-Match`, where
 * its records have versions, and does what has one `Idempotency-Key` once.
 */
export class MemoryCrm {
  static readonly url = 'http://127.0.0.1:9';
  readonly #records = new Map<string, Held>();
  readonly #answered = new Map<string, number>();
  readonly #time: CrmTime;
  readonly #random: SeededRandom;
  readonly #hasVersions: boolean;
  /** 0 to 1: of the requests, those whose answer is lost, and those refused for the moment. */
  lost = 0;
  refused = 0;
  /** It offers `GET` of a record. */
  isReadable = true;
  onChange: ((change: CrmChange) => void) | null = null;
  /** Its webhook. */
  onEvent: ((json: object) => void) | null = null;
  /** The longest a request waits; one that nobody waits for any more is carried out as late again at most. */
  timeoutMs = 15_000;
  /** Records of which an answer was lost, by `customer|C-1`. */
  readonly unheard = new Set<string>();

  constructor(time: CrmTime, random: SeededRandom, hasVersions: boolean) {
    this.#time = time;
    this.#random = random;
    this.#hasVersions = hasVersions;
  }

  /** A person makes a record, or changes it. */
  edit(kind: Kind, crmId: string, fields: CrmFields): void {
    this.#change('person', kind, crmId, fields);
  }

  held(kind: Kind, crmId: string): CrmFields {
    return this.#records.get(`${kind}|${crmId}`)?.fields ?? {};
  }

  #change(by: CrmChange['by'], kind: Kind, crmId: string, fields: CrmFields): void {
    const key = `${kind}|${crmId}`;
    const held = this.#records.get(key) ?? { kind, fields: {}, version: 0, changedAt: 0 };
    const before = { ...held.fields };
    held.fields = { ...held.fields, ...fields };
    held.version += 1;
    held.changedAt = Math.max(this.#time.now(), held.changedAt + 1);
    this.#records.set(key, held);
    this.onChange?.({ by, kind, crmId, before, after: held.fields, fields: Object.keys(fields) });
    this.onEvent?.({
      id: `evt-${crmId}-${held.version}`,
      type: `${kind}.updated`,
      occurredAt: new Date(held.changedAt).toISOString(),
      ...(this.#hasVersions && { version: held.version }),
      data: { crmId, ...held.fields },
    });
  }

  readonly fetch: typeof fetch = async (input, init) => {
    await this.#time.hop();
    const { url } = new Request(input);
    const [, kinds = '', crmId = ''] = new URL(url).pathname.split('/');
    const kind: Kind = kinds === 'contacts' ? 'contact' : 'customer';
    const headers = new Headers(init?.headers);
    if (init?.method !== 'PATCH') return this.#read(kind, decodeURIComponent(crmId));
    const fields = JSON.parse(typeof init.body === 'string' ? init.body : '{}') as CrmFields;
    if (this.#random.chance(this.refused)) return new Response(null, { status: this.#random.pick([503, 429]) });
    const carryOut = (): number => this.#patch(kind, decodeURIComponent(crmId), fields, headers);
    if (!this.#random.chance(this.lost)) {
      const status = carryOut();
      await this.#time.hop();
      return new Response(null, { status });
    }
    this.unheard.add(`${kind}|${decodeURIComponent(crmId)}`);
    const roll = this.#random.next();
    if (roll < 0.5) carryOut();
    else if (roll < 0.75) void this.#time.sleep(this.#random.below(2 * this.timeoutMs)).then(carryOut);
    await this.#time.sleep(this.#random.below(this.timeoutMs));
    throw new TypeError('fetch failed');
  };

  /** In the shape of `data` of its events, where it can be read at all. */
  async #read(kind: Kind, crmId: string): Promise<Response> {
    const held = this.#records.get(`${kind}|${crmId}`);
    const answer =
      this.isReadable && held
        ? Response.json({ crmId, ...held.fields, ...(this.#hasVersions && { version: held.version }) })
        : new Response(null, { status: 404 });
    await this.#time.hop();
    return answer;
  }

  #patch(kind: Kind, crmId: string, fields: CrmFields, headers: Headers): number {
    const key = headers.get('idempotency-key') ?? '';
    const known = this.#answered.get(key);
    if (known !== undefined) return known;
    const held = this.#records.get(`${kind}|${crmId}`);
    if (!held) return 404;
    const wanted = headers.get('if-match');
    if (this.#hasVersions && wanted !== null && wanted !== `"${held.version}"`) return 412;
    this.#answered.set(key, 204);
    this.#change('program', kind, crmId, fields);
    return 204;
  }
}
