// What was recorded last, for the ten seconds in which one touch takes it back.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";

const words = (last) =>
  last.kind === "consume"
    ? last.quantity < 0
      ? `${last.lot} ${t("material.gives_back", { n: number(-last.quantity), unit: last.unit })}`
      : `${last.lot}${last.quantity ? ` ${number(last.quantity)} ${last.unit}` : ""}`
    : [
        last.good ? `${t("count.good")} +${number(last.good)}` : "",
        last.scrap ? `${t("count.scrap")} +${number(last.scrap)}` : "",
        last.rework ? `${t("count.rework")} +${number(last.rework)}` : "",
      ]
        .filter(Boolean)
        .join(" · ");

/** `kind` is "result" or "consume"; without it either is shown. */
export function Last({ recorder, kind }) {
  const { last } = recorder;
  if (!last || (kind && last.kind !== kind)) return null;
  return html`<div class="job-last" role="status" data-kind=${last.kind}>
    ${icon("check")}
    <span class="grow"><b>${words(last)}</b> <span class="nowrap">${t("report.recorded")}</span></span>
    <${Button} size="tall" icon="undo" data-testid="undo" onClick=${recorder.undo}>
      ${t("report.undo")} <span class="job-count-down">${Math.max(0, Math.ceil((last.until - now.value) / 1000))}</span>
    <//>
  </div>`;
}
