// The machine's stops, and their right reasons: of this shift for everybody at the machine, of earlier ones for a
// leader. A stop that had two reasons is split where the second one began.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { now } from "/js/lib/clock.js";
import { readOrCached } from "/js/floor/cache.js";
import { commands, counts, isOpen } from "/js/floor/queue.js";
import { clock, duration, moment } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { reasonDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { None, Notice } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";
import { ReasonTiles, usesOf } from "/pages/floor/station/reasons.js";

const DAY_MS = 86400000;
const DAYS = 14; // as far as a leader looks back here, and as reasons are counted
const STEPS = [-10, -1, 1, 10];
const MINUTE_MS = 60000;

const readTimeline = (machine) =>
  readOrCached(`timeline/${machine}`, async () => {
    const from = new Date(Date.now() - DAYS * DAY_MS).toISOString();
    const asked = new Date().toISOString();
    return { items: await all(`/production/machines/${encodeURIComponent(machine)}/timeline`, { from }), asked };
  });

/** The stops with what was corrected here and is not in them yet. */
function withQueued(parts, asked, reasons) {
  const fresh = commands.value.filter(
    (one) => one.kind === "restate" && counts(one) && (isOpen(one) || (one.settled ?? "") > asked),
  );
  return parts.flatMap((part) => {
    const told = fresh.filter((one) => one.path.includes(`/${part.state_id}/`)).at(-1);
    if (!told) return [part];
    const reason = reasons.find((one) => one.code === told.body.reason);
    const changed = { ...part, reason: reason?.code, reason_name: reason?.name, was_reason: part.reason };
    const at = told.body.split_at;
    return at
      ? [
          { ...part, ends: at, lasts: false },
          { ...changed, begins: at, can_correct: false },
        ]
      : [changed];
  });
}

/** What changes the timeline when the server has it. */
const TOLD = new Set(["restate", "start", "pause", "resume", "phase", "finish"]);

/** What was read, with {stops, uses}: the latest stop first, reasons counted by code. `open`: it is looked at. */
export function useStops(machine, reasons, open) {
  const read = useResource(() => readTimeline(machine), [machine], { auto: false });
  const parts = withQueued(read.data?.items ?? [], read.data?.asked ?? "", reasons);
  const settled = commands.value.filter((one) => TOLD.has(one.kind) && !isOpen(one)).length;
  useEffect(() => {
    if (open && settled) read.load();
  }, [open, settled]);
  return {
    stops: parts.filter((part) => part.can_correct || part.was_reason !== null).reverse(),
    uses: usesOf(read.data?.items ?? []),
    ...read,
  };
}

const kindOf = (reasons, part) =>
  reasons.find((one) => one.code === part.reason)?.kind ?? (part.state === "setup" ? "setup" : "unplanned");

function Stop({ part, reasons, onPick }) {
  const display = reasonDisplay(kindOf(reasons, part));
  const was = part.was_reason && reasons.find((one) => one.code === part.was_reason);
  const ends = part.lasts ? now.value : new Date(part.ends).getTime();
  return html`<li>
    <button
      type="button"
      class="stop-entry"
      data-testid="stop"
      data-state-id=${part.state_id}
      data-reason=${part.reason}
      disabled=${!part.can_correct}
      onClick=${() => onPick(part)}
    >
      <time>${moment(part.begins)} – ${part.lasts ? t("stops.lasts") : clock(part.ends)}</time>
      <b class="tone-${display.tone}">
        ${icon(display.icon)}
        <span class="ellipsis">${part.reason ? local(part.reason_name) || part.reason : t("stops.no_reason")}</span>
      </b>
      <span>
        ${duration(ends - new Date(part.begins).getTime())}
        ${was && html`<small>${t("stops.was", { reason: local(was.name) })}</small>`}
      </span>
      ${part.can_correct && icon("edit")}
    </button>
  </li>`;
}

/** From when on the other reason holds: the whole stop, or a time within it, by the minute. */
function From({ part, at, onChange }) {
  const begins = new Date(part.begins).getTime();
  const ends = part.lasts ? now.value : new Date(part.ends).getTime();
  if (ends - begins < 2 * MINUTE_MS) return null;
  const within = (time) => Math.min(ends - MINUTE_MS / 2, Math.max(begins + MINUTE_MS / 2, time));
  return html`<div class="stop-since">
    <div class="tiles">
      <button type="button" class="tile" aria-pressed=${!at} data-testid="stop-whole" onClick=${() => onChange(null)}>
        ${t("stops.whole")}
      </button>
      <button
        type="button"
        class="tile"
        aria-pressed=${Boolean(at)}
        data-testid="stop-split"
        onClick=${() => onChange(at ?? within((begins + ends) / 2))}
      >
        ${icon("split")}<span>${at ? t("stops.since", { time: clock(at) }) : t("stops.part")}</span>
      </button>
    </div>
    ${
      at &&
      html`<div class="stop-steps" role="group" aria-label=${t("stops.part")}>
        ${STEPS.map(
          (step) =>
            html`<${Button}
              key=${step}
              size="tall"
              data-testid="stop-step${step}"
              onClick=${() => onChange(within(at + step * MINUTE_MS))}
            >
              ${step > 0 ? `+${step}` : `−${-step}`} ${t("stops.minutes")}
            <//>`,
        )}
      </div>`
    }
  </div>`;
}

/** `picked` is the stop whose reason is being changed; `onRestate(part, code, splitAt)` does it. */
export function StopsSheet({ open, onClose, machine, stops, reasons, picked, onPick, onRestate }) {
  const [at, setAt] = useState(null);
  const [earlier, setEarlier] = useState(false);
  useEffect(() => setAt(null), [picked?.state_id, open]);
  const from = machine.shift ? Date.parse(machine.shift.from) : now.value - DAY_MS / 2;
  const shown = stops.stops.filter((part) => earlier || part.lasts || Date.parse(part.ends) > from);
  const pick = (code) => onRestate(picked, code, at ? new Date(at).toISOString() : null);
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${picked ? t("stops.why") : t("stops.title")}
    data-testid="stops-sheet"
    footer=${
      picked
        ? html`<${Button} size="tall" icon="back" data-testid="stops-back" onClick=${() => onPick(null)}>
              ${t("stops.title")}
            <//>
            <div class="grow"></div>`
        : null
    }
  >
    ${
      picked
        ? html`<ol class="stops"><${Stop} part=${{ ...picked, can_correct: false }} reasons=${reasons} /></ol>
            <${From} part=${picked} at=${at} onChange=${setAt} />
            <${ReasonTiles} reasons=${reasons} uses=${stops.uses} chosen=${picked.reason ?? ""} onPick=${pick} />`
        : html`
            ${stops.error && html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")} />`}
            <ol class="stops">
              ${shown.map(
                (part) =>
                  html`<${Stop}
                    key=${`${part.state_id}${part.begins}`}
                    part=${part}
                    reasons=${reasons}
                    onPick=${onPick}
                  />`,
              )}
            </ol>
            ${!shown.length && !stops.error && html`<${None} of=${stops} text=${t("stops.none")} />`}
            ${
              may("leader") &&
              !earlier &&
              html`<${Button} size="tall" icon="clock" data-testid="stops-earlier" onClick=${() => setEarlier(true)}>
                ${t("stops.earlier")}
              <//>`
            }
          `
    }
  <//>`;
}
