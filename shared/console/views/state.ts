import { html } from 'hono/html';
import type { InUse } from '../../erp/index.ts';
import { FAILURES } from '../../failure.ts';
import type { FlowStatus } from '../../flow/index.ts';
import { osloTime } from '../../oslo-time.ts';
import type { Status } from '../../sync/index.ts';
import type { Minute } from '../../pulse/index.ts';
import { bars, line } from './charts.ts';
import { BASE, button, form, page, reasonField, shown, when, type Html, type View } from './page.ts';

export interface StateData {
  readonly status: Status;
  /** Of the last hour, one for each minute in which something was applied. */
  readonly minutes: readonly Minute[];
  readonly limits: { readonly perMinute: number; readonly inProgress: number };
  /** Of the limits, by all instances together. */
  readonly inUse: InUse;
  /** Secrets that expire within 30 days; null where no vault knows. */
  readonly expiring: readonly { readonly name: string; readonly at: string }[] | null;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Everything that matters, in one sentence, and how good it is. */
function headline({ texts }: View, status: Status): readonly ['success' | 'info' | 'warning' | 'danger', string] {
  const { flow, pending, planned, failures, beingReplayed, mode, overdue } = status;
  const say = texts.state;
  if (flow.is === 'paused') return ['warning', say.paused(pending, shown(flow.by))];
  if (flow.is === 'stopped') {
    if (FAILURES[flow.code].decision === 'configuration') return ['danger', say.mend(pending)];
    return ['info', say.away(pending, osloTime(flow.nextProbeAt).slice(11))];
  }
  if (overdue > 0) return ['danger', say.silent];
  const needy = sum(Object.values(failures)) - beingReplayed;
  if (needy > 0) return ['warning', say.needs(needy)];
  const { count = 0, at = '' } = status.differences ?? {};
  if (count > 0) return ['warning', say.differ(count, osloTime(at))];
  if (mode === 'plan') return ['info', say.plan(planned)];
  return ['success', pending === 0 ? say.inSync : say.onTheirWay(pending)];
}

function flowText(view: View, flow: FlowStatus): string {
  const { state } = view.texts;
  if (flow.is === 'open') return state.open;
  if (flow.is === 'paused') return state.pausedSince(when(flow.since, view), shown(flow.by));
  return state.stopped(flow, when(flow.since, view));
}

/** What the page shows at first, and again every few seconds where scripts run. */
export function live(view: View, data: StateData): Html {
  const { texts, now } = view;
  const { status, minutes, limits, inUse } = data;
  const { state } = texts;
  const [color, sentence] = headline(view, status);
  const row = (name: string, value: Html | string): Html =>
    html`<div>
      <dt>${name}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<div id="live" data-refresh="/api/ops/live">
    <div class="ds-alert" data-color="${color}" role="status"><p class="ds-paragraph headline">${sentence}</p></div>
    <div class="charts">
      <section class="ds-card">
        <h2 class="ds-heading" data-size="2xs">${state.perMinute}</h2>
        ${bars(minutes, now, texts)}
      </section>
      <section class="ds-card">
        <h2 class="ds-heading" data-size="2xs">${state.lag}</h2>
        ${line(minutes, now, texts)}
      </section>
    </div>
    <section class="ds-card">
      <h2 class="ds-heading" data-size="2xs">${state.numbers}</h2>
      <dl class="facts">
        ${row(state.erp, flowText(view, status.flow))}
        ${status.crmFlow === null ? '' : row(state.crm, flowText(view, status.crmFlow))}
        ${row(
          state.queues,
          html`${Object.entries(status.queues).map(([name, depth]) => html`<span class="queue">${name} <b>${depth}</b></span> `)}`,
        )}
        ${row(state.oldest, status.oldestPendingAt === null ? '–' : when(status.oldestPendingAt, view))}
        ${row(state.waiting, state.waitingFor(status.waitingForCustomer, status.waitingForNextAttempt))}
        ${status.planned > 0 ? row(state.planned, String(status.planned)) : ''}
        ${status.differences === null ? '' : row(texts.nav.differences, differences(view, status.differences))}
        ${row(state.limit, state.limitText(limits.perMinute, limits.inProgress))}
        ${row(state.inUse, state.inUseText(inUse.taken, limits.inProgress, inUse.waiting))}
        ${row(state.secrets, secrets(view, data))} ${row(state.updated, osloTime(new Date(now).toISOString()))}
      </dl>
    </section>
  </div>`;
}

function differences({ texts: { state } }: View, { count, onlyInErp, at }: NonNullable<Status['differences']>): Html {
  const text = state.found(count + onlyInErp, osloTime(at));
  return html`<a class="ds-link" href="${BASE}/differences">${text}</a>`;
}

function secrets({ texts: { state } }: View, { expiring }: StateData): string {
  if (expiring === null) return state.secretsUnknown;
  if (expiring.length === 0) return state.secretsFine;
  return expiring.map(({ name, at }) => state.secretExpires(name, osloTime(at))).join(', ');
}

export function stateView(view: View, data: StateData): Html {
  const { state, nav } = view.texts;
  const isPaused = data.status.flow.is !== 'open';
  return page(
    view,
    'state',
    nav.state,
    html`${live(view, data)}
    ${form(
      view,
      isPaused ? '/resume' : '/pause',
      html`<details class="ds-details">
        <summary>${isPaused ? state.resume : state.pause}</summary>
        <div class="stack">
          ${isPaused ? '' : html`<p class="ds-paragraph">${state.pauseHint}</p>`} ${reasonField(view)}
          ${button(isPaused ? state.resume : state.pause)}
        </div>
      </details>`,
    )}`,
  );
}
