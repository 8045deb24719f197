// The right reason of a stop: of all of it, or from a time on.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { now } from "/js/lib/clock.js";
import { clock, duration, instant, isoDay, moment } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { reasonDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { Field, Pills } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";

const KINDS = ["unplanned", "setup", "planned"];
const MINUTE_MS = 60000;
const wall = (value) => `${isoDay(value)}T${clock(value)}`;

/** "2026-11-30T10:15" of the shop's clock as an instant within the stop, or null. Pure but for the shop's zone. */
export function splitOf(text, begins, ends) {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)) return null;
  const at = instant(...text.split("T"));
  return Date.parse(at) > begins && Date.parse(at) < ends ? at : null;
}

/** `onDone()` after it was corrected. */
export function CorrectStop({ stop, reasons, onClose, onDone }) {
  const begins = Date.parse(stop.begins);
  const ends = stop.lasts ? now.value : Date.parse(stop.ends);
  const [reason, setReason] = useState(stop.reason ?? "");
  const [part, setPart] = useState("whole");
  const [from, setFrom] = useState(wall((begins + Number(ends)) / 2));
  const path = `/production/machines/${encodeURIComponent(stop.machine)}/timeline/${stop.state_id}/reason`;
  const at = part === "part" ? splitOf(from, begins, Number(ends)) : null;
  const save = useAction((key) => post(path, at ? { reason, split_at: at } : { reason }, { key }), {
    done: onDone,
    failed: () => {},
  });
  const isSplit = part === "part";
  const ready = reason && (isSplit ? at : reason !== stop.reason);
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go();
  };
  const options = KINDS.flatMap((kind) =>
    reasons
      .filter((one) => one.kind === kind && one.active !== false)
      .map((one) => ({ value: one.code, label: `${reasonDisplay(kind).label} · ${local(one.name)}` })),
  );
  return html`<${Sheet}
    open
    from="side"
    onClose=${onClose}
    title=${t("stops.why")}
    data-testid="stop-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${save.busy} disabled=${!ready} data-testid="stop-save" onClick=${submit}>
        ${t("action.save")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${save} fields=${["reason", "split_at"]} />
      <p>
        <b>${stop.machine}</b> ${moment(stop.begins)} – ${stop.lasts ? t("stops.lasts") : clock(stop.ends)} <span
          class="muted"
        >
          ${duration(Number(ends) - begins)}
        </span>
      </p>
      <${Field}
        label=${t("stops.reason")}
        value=${reason}
        options=${[{ value: "", label: t("stops.no_reason") }, ...options]}
        onInput=${setReason}
        error=${save.problem?.field?.("reason")}
        data-testid="stop-reason"
      />
      ${
        Number(ends) - begins >= 2 * MINUTE_MS &&
        html`<${Pills}
            label=${t("stops.split_at")}
            value=${part}
            onChange=${setPart}
            options=${[{ value: "whole", label: t("stops.whole") }, { value: "part", label: t("stops.split_at") }]}
          />
          ${
            isSplit &&
            html`<${Field}
              type="datetime-local"
              label=${t("stops.split_at")}
              value=${from}
              min=${wall(begins + MINUTE_MS)}
              max=${wall(Number(ends) - MINUTE_MS)}
              onInput=${setFrom}
              error=${at ? save.problem?.field?.("split_at") : t("stops.outside")}
              data-testid="stop-split-at"
            />`
          }`
      }
      <button type="submit" class="visually-hidden" tabindex="-1">${t("action.save")}</button>
    </form>
  <//>`;
}
