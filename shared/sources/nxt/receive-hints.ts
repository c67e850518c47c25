import { accepted, unavailable } from '../answers.ts';
import { parseJson, type BodySource, readBody } from '../body.ts';
import type { HttpAnswer } from '../problem.ts';
import { webhookProblem } from '../problems.ts';
import { isSignedByVisma, SIGNATURE_HEADER } from './signature.ts';
import { readTableChange, type RowHint } from './table-change.ts';

/** The route of Visma's own webhooks, whatever the CRM's is. */
export const NXT_ROUTE = 'nxt';

export interface HintDeps {
  /**
   * NXT_WEBHOOK_KEY as it is set; null when it is not.
   * @throws Failure when it cannot be read just now.
   */
  key(): Promise<string | null>;
  /** NXT_COMPANY_NO; null while the settings are wrong. */
  companyNo(): Promise<number | null>;
  /** Notes the rows. @throws Failure when that is not possible just now. */
  take(hints: readonly RowHint[]): Promise<void>;
}

/** A TableChange of Visma's → its answer: 202 when noted, one and the same 401 for whoever cannot prove to be Visma. */
export async function receiveHints(request: BodySource, deps: HintDeps): Promise<HttpAnswer> {
  try {
    const body = await readBody(request);
    if (typeof body === 'string') return webhookProblem(body);
    const keys = ((await deps.key()) ?? '').split(/\s+/).filter((key) => key !== '');
    const genuine = isSignedByVisma(body, request.header(SIGNATURE_HEADER), keys);
    if (!genuine) return webhookProblem('request.unauthenticated');
    const parsed = parseJson(body);
    if (parsed === null) return webhookProblem('request.not-json');
    const companyNo = await deps.companyNo();
    if (companyNo === null) return webhookProblem('service.unavailable', { retryAfter: 60 });
    const hints = readTableChange(parsed.json, companyNo);
    if (hints === null) return webhookProblem('event.malformed');
    await deps.take(hints);
    return accepted(202, []);
  } catch (error) {
    return unavailable(error);
  }
}
