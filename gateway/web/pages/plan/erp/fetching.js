// Whether the confirmations arrive: who fetches them, how far each has come, and since when something waits.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { now } from "/js/lib/clock.js";
import { duration, moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Notice } from "/js/components/feedback.js";

/** Longer than this nobody calls it a moment: the ERP may have stopped asking. */
const SILENT_MS = 3600000;

/** The ERPs that fetch, and how many webhooks there are: {readers, hooks}. */
export async function readWays() {
  const [readers, hooks] = await Promise.all([get("/erp/readers"), get("/erp/webhooks")]);
  return { readers: readers.items, hooks: hooks.items.length };
}

const passed = (at) => Math.max(0, now.value - new Date(at));

function Reader({ reader, confirmed }) {
  const waits = reader.waits_since ? passed(reader.waits_since) : 0;
  const isLate = reader.behind > 0 && waits > SILENT_MS && passed(reader.read_at) > SILENT_MS;
  return html`<li class=${isLate ? "late" : ""} data-testid="erp-reader" data-behind=${reader.behind}>
    ${icon(isLate ? "warning" : reader.behind ? "clock" : "check")}
    <b>${reader.reader.replace(/^api:/, "")}</b>
    <span>${t("erp.fetched_to", { n: number(reader.position), of: number(confirmed) })}</span>
    <span class="muted" title=${moment(reader.read_at)}>
      ${t("erp.asked_last", { time: duration(passed(reader.read_at)) })}
    </span>
    ${
      reader.behind > 0 &&
      html`<span class="behind">${t("erp.behind", { n: number(reader.behind), time: duration(waits) })}</span>`
    }
  </li>`;
}

/** `ways` as readWays gives them; `confirmed`: how many there are. */
export function Fetching({ ways, confirmed }) {
  if (!ways.readers.length && !ways.hooks)
    return html`<${Notice} tone="warn" icon="warning" title=${t("erp.nobody_fetches", { n: number(confirmed) })}>
      ${t("erp.nobody_fetches_text")}
    <//>`;
  if (!ways.readers.length) return null;
  return html`<ul class="card erp-readers" aria-label=${t("erp.fetched")}>
    ${ways.readers.map((reader) => html`<${Reader} key=${reader.reader} reader=${reader} confirmed=${confirmed} />`)}
  </ul>`;
}
