import { html } from 'hono/html';
import type { Minute } from '../../pulse/index.ts';
import { osloTime } from '../../oslo-time.ts';
import type { Texts } from '../texts/en.ts';
import type { Html } from './page.ts';

const MINUTES = 60;
const WIDTH = 300;
const HEIGHT = 60;
const STEP = WIDTH / MINUTES;

interface Point {
  /** Minutes from the left. */
  readonly at: number;
  readonly applied: number;
  readonly seconds: number;
}

/** The last hour from the left; several instances in one minute are one point. */
function points(minutes: readonly Minute[], now: number): readonly Point[] {
  const first = Math.floor(now / 60_000) - MINUTES + 1;
  return [...Map.groupBy(minutes, ({ minute }) => Math.floor(Date.parse(minute) / 60_000) - first)]
    .filter(([at]) => at >= 0 && at < MINUTES)
    .map(([at, each]) => {
      const applied = each.reduce((sum, one) => sum + one.applied, 0);
      const lag = each.reduce((sum, one) => sum + one.lagMs, 0);
      return { at, applied, seconds: applied === 0 ? 0 : lag / applied / 1000 };
    })
    .sort((a, b) => a.at - b.at);
}

const clock = (milliseconds: number): string => osloTime(new Date(milliseconds).toISOString()).slice(11);

const axis = (now: number): Html =>
  html`<text class="axis" x="0" y="${HEIGHT + 14}">${clock(now - MINUTES * 60_000)}</text
    ><text class="axis" x="${WIDTH}" y="${HEIGHT + 14}" text-anchor="end">${clock(now)}</text>`;

const chart = (label: string, now: number, body: Html): Html =>
  html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 -4 ${WIDTH} ${HEIGHT + 22}">
      <line class="base" x1="0" y1="${HEIGHT}" x2="${WIDTH}" y2="${HEIGHT}" />
      ${body}${axis(now)}
    </svg>
    <p class="ds-paragraph" data-size="sm">${label}</p>`;

/** Changes applied in each minute of the last hour. */
export function bars(minutes: readonly Minute[], now: number, { state }: Texts): Html {
  const all = points(minutes, now);
  const most = Math.max(1, ...all.map(({ applied }) => applied));
  const total = all.reduce((sum, { applied }) => sum + applied, 0);
  const label = total === 0 ? state.noChart : state.perMinuteText(total, most);
  return chart(
    label,
    now,
    html`${all.map(({ at, applied }) => {
      const height = (applied / most) * HEIGHT;
      return html`<rect
        class="bar"
        x="${(at * STEP).toFixed(1)}"
        y="${(HEIGHT - height).toFixed(1)}"
        width="${STEP - 1}"
        height="${height.toFixed(1)}"
      />`;
    })}`,
  );
}

/** How long the changes of each minute took from the webhook to the ERP. */
export function line(minutes: readonly Minute[], now: number, { state }: Texts): Html {
  const all = points(minutes, now).filter(({ applied }) => applied > 0);
  const most = Math.max(1, ...all.map(({ seconds }) => seconds));
  const applied = all.reduce((sum, each) => sum + each.applied, 0);
  const mean = all.reduce((sum, each) => sum + each.seconds * each.applied, 0) / Math.max(1, applied);
  const label = applied === 0 ? state.noChart : state.lagText(mean.toFixed(1));
  const at = ({ at: minute, seconds }: Point): string =>
    `${(minute * STEP + STEP / 2).toFixed(1)},${(HEIGHT - (seconds / most) * HEIGHT).toFixed(1)}`;
  return chart(
    label,
    now,
    html`<polyline class="line" points="${all.map(at).join(' ')}" />${all.map((each) => {
        const [x = '0', y = '0'] = at(each).split(',');
        return html`<circle class="dot" cx="${x}" cy="${y}" r="2" />`;
      })}`,
  );
}
