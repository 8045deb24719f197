// How far something is: one bar, one segment per operation, or where the time went.
import { html } from "/js/lib/html.js";
import { machineDisplay, stripTone } from "/js/lib/display.js";
import { clock, duration } from "/js/lib/format.js";

/**
 * @param {number | string} part
 * @param {number | string} whole
 */
const share = (part, whole) => (Number(whole) > 0 ? Math.max(0, Math.min(1, Number(part) / Number(whole))) : 0);
/** @param {number} ratio */
const wide = (ratio) => ({ width: `${(ratio * 100).toFixed(2)}%` });

/**
 * Good (in the state's tone) and scrap of a target; `mark` (0…1) draws where it should be by now.
 * @param {ProgressProps} props
 */
export function Progress({ good, scrap = 0, target, mark, tone = "run", label, class: extra = "" }) {
  const done = share(good, target);
  return html`<div
    class="progress ${tone} ${extra}"
    role="progressbar"
    aria-label=${label}
    aria-valuemin="0"
    aria-valuemax="100"
    aria-valuenow=${Math.round(done * 100)}
  >
    <i style=${wide(done)}></i>
    <i class="scrap" style=${wide(Math.min(share(scrap, target), 1 - done))}></i>
    ${
      mark !== undefined && mark !== null && html`<b style=${{ left: `${Math.min(1, Math.max(0, mark)) * 100}%` }}></b>`
    }
  </div>`;
}

/**
 * One segment per operation of an order: {op, planned, good, scrap}.
 * @param {{ operations: { op: number, planned: string, good: string }[], tone?: string }} props
 */
export function Segments({ operations, tone = "" }) {
  return html`<div class="segments ${tone}">
    ${operations.map(
      (operation) =>
        html`<span key=${operation.op} class=${tone} title="${operation.op}: ${operation.good} / ${operation.planned}">
          <i style=${wide(share(operation.good, operation.planned))}></i>
        </span>`,
    )}
  </div>`;
}

/**
 * A machine's states between `from` and `to`; what lies after `now` is drawn as still to come.
 * @param {{ intervals: Interval[], from: string, to: string, now: number, ahead?: boolean }} props
 */
export function Strip({ intervals, from, to, now, ahead = true }) {
  const start = new Date(from).getTime();
  const whole = new Date(to).getTime() - start;
  /** @param {number} time */
  const at = (time) => Math.max(0, Math.min(1, (time - start) / whole));
  /** @param {Interval} interval */
  const piece = (interval) => {
    const left = at(new Date(interval.from).getTime());
    const right = at(Math.min(now, interval.to ? new Date(interval.to).getTime() : now));
    if (right <= left) return null;
    const display = machineDisplay(interval.state, interval.reason);
    const title = `${clock(interval.from)} ${display.label} ${duration((right - left) * whole)}`;
    return html`<i
      key=${interval.from}
      class=${stripTone(interval)}
      title=${title}
      style=${{ left: `${left * 100}%`, width: `${(right - left) * 100}%` }}
    ></i>`;
  };
  return html`<div class="strip">
    ${intervals.map(piece)}
    ${ahead && now < start + whole && html`<span class="ahead" style=${wide(1 - at(now))}></span>`}
  </div>`;
}
