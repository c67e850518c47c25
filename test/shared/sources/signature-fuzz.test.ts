import { expect, it } from 'vitest';
import { verifyStandardWebhook } from '../../../shared/sources/standard/standard-webhook.ts';
import { seededRandom, type SeededRandom } from '../../faults/seeded-random.ts';
import { NOW, nowSeconds, SECRET, sign } from './signed.ts';

/** `SIGNATURE_MUTATIONS=5000000 npx vitest run test/shared/sources/signature-fuzz.test.ts` for the long form. */
const MUTATIONS = Number(process.env['SIGNATURE_MUTATIONS'] ?? 100_000);
const SEED = Number(process.env['SIGNATURE_SEED'] ?? 1);

interface Signed {
  readonly id: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Buffer;
  readonly secret: string;
}

const body = Buffer.from(
  JSON.stringify({ id: 'evt_01', data: { crmId: 'C-1001', companyName: 'Port-Service Øst AS' } }),
);
const timestamp = nowSeconds();
const original: Signed = { id: 'msg_1', timestamp, body, signature: sign(body, 'msg_1', timestamp), secret: SECRET };

const isTaken = ({ id, timestamp: at, signature, body: bytes, secret }: Signed): boolean => {
  const headers = new Map([
    ['webhook-id', id],
    ['webhook-timestamp', at],
    ['webhook-signature', signature],
  ]);
  return verifyStandardWebhook({ header: (name) => headers.get(name) ?? null, body: bytes }, [secret], NOW);
};

const ODD = ['', ' ', '.', ',', '=', '+', '/', '-', '_', '\u0000', 'å', 'A', 'v1', 'v1,', 'v1a,'];

/** One character changed, put in, taken out, doubled, in the other case; or a piece cut off, turned round or repeated. */
function mutatedText(text: string, random: SeededRandom): string {
  const at = random.below(text.length + 1);
  const [before, after] = [text.slice(0, at), text.slice(at)];
  const next = after.charAt(0);
  switch (random.below(9)) {
    case 0:
      return before + String.fromCharCode(32 + random.below(95)) + after.slice(1);
    case 1:
      return before + random.pick(ODD) + after;
    case 2:
      return before + after.slice(1);
    case 3:
      return before + next + after;
    case 4:
      return before + (next === next.toLowerCase() ? next.toUpperCase() : next.toLowerCase()) + after.slice(1);
    case 5:
      return before;
    case 6:
      return after;
    case 7:
      return Buffer.from(text, 'latin1').reverse().toString('latin1');
    default:
      return text + text;
  }
}

/** A zero behind a key is left out: HMAC fills keys up with zeros, so that it is the same key. */
function mutatedBytes(bytes: Buffer, random: SeededRandom): Buffer {
  const copy = Buffer.from(bytes);
  const at = random.below(copy.length);
  switch (random.below(4)) {
    case 0:
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    case 1:
      return copy.subarray(0, at);
    case 2:
      return Buffer.concat([copy, Buffer.from([1 + random.below(255)])]);
    default:
      return Buffer.concat([copy.subarray(0, at), Buffer.from([random.below(256)]), copy.subarray(at)]);
  }
}

/** Moves a piece over the border of two signed parts: the signed text would be the same but for the full stops. */
const shifted = (signed: Signed, random: SeededRandom): Signed =>
  random.chance(0.5)
    ? { ...signed, id: `${signed.id}.${signed.timestamp}` }
    : {
        ...signed,
        timestamp: signed.timestamp.slice(0, -1),
        body: Buffer.concat([Buffer.from(signed.timestamp.slice(-1)), signed.body]),
      };

function mutated(signed: Signed, random: SeededRandom): Signed {
  switch (random.below(6)) {
    case 0:
      return { ...signed, body: mutatedBytes(signed.body, random) };
    case 1:
      return { ...signed, id: mutatedText(signed.id, random) };
    case 2:
      return { ...signed, timestamp: mutatedText(signed.timestamp, random) };
    case 3:
      return { ...signed, signature: mutatedText(signed.signature, random) };
    case 4:
      return { ...signed, secret: `whsec_${mutatedBytes(Buffer.alloc(24, 7), random).toString('base64')}` };
    default:
      return shifted(signed, random);
  }
}

/** What the spec calls the same: the right signature, whole, stands in the list all the same. */
const isSame = (one: Signed): boolean =>
  one.id === original.id &&
  one.timestamp === original.timestamp &&
  one.secret === original.secret &&
  one.body.equals(original.body) &&
  one.signature.split(' ').includes(original.signature);

it(`none of ${MUTATIONS} mutations of a signed request is accepted`, { timeout: 3_600_000 }, () => {
  expect(isTaken(original)).toBe(true);
  const random = seededRandom(SEED);
  const taken: Signed[] = [];
  let tried = 0;
  for (let n = 0; n < MUTATIONS; n += 1) {
    let one = mutated(original, random);
    if (random.chance(0.2)) one = mutated(one, random);
    if (isSame(one)) continue;
    tried += 1;
    if (isTaken(one)) taken.push(one);
  }
  expect(taken).toEqual([]);
  expect(tried).toBeGreaterThan(MUTATIONS * 0.9);
});
