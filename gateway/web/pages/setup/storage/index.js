// /storage: what each service keeps for how long, and the room that it takes on the disk.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { number, percent } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";

const SERVICES = ["orders", "production", "quality", "erp"];
/** What tables hold, by the beginnings of their names; the first that fits. */
const HOLDS = {
  events: /^(outbox|inbox|parked|retrying|withheld|republish|agreement)/,
  keys: /^idempotency/,
  trail: /^audit/,
  pictures: /^media/,
  imports: /^(import|rejected)/,
  lots: /^(lot|movement|serial)/,
  labels: /^(label|printer)/,
  people: /^(attendance|crew|person|handover)/,
  states: /^(machine_state|andon)/,
  results: /^(result|unassigned|review|run|sending|recorded|measured)/,
  jobs: /^(job|operation)/,
  quality: /^(defect_|output_)/,
  erp: /^(erp|confirmation|delivery|ledger|webhook)/,
  orders: /^(work_order|order|number|change)/,
  master: /^/,
};
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Bytes in the unit in which they are at most three digits before the point. */
function size(bytes) {
  const step = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${number(bytes / 1000 ** step, 1)} ${UNITS[step]}`;
}

const readAll = () =>
  Promise.all(SERVICES.map(async (service) => ({ service, ...(await get(`/${service}/retention`)) })));

/** The bytes of a service's tables by what they hold, the most first. */
function holdings(tables) {
  const sums = new Map();
  for (const { table, bytes } of tables) {
    const [what] = Object.entries(HOLDS).find(([, begins]) => begins.test(table));
    sums.set(what, (sums.get(what) ?? 0) + bytes);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}

function Service({ kept }) {
  return html`<section class="card storage" data-testid="storage-${kept.service}">
    <header class="card-head">
      <h2 class="grow">${t(`storage_of.${kept.service}`)}</h2>
      <b class="total">${t("storage.total", { size: size(kept.bytes) })}</b>
    </header>
    <div class="two">
      <div>
        <h3>${t("storage.periods")}</h3>
        <dl class="kept">
          ${kept.periods.map(
            ({ what, days, setting }) => html`
              <dt key=${what}>${t(`kept.${what}`)}</dt>
              <dd>
                <b>${days === null ? t("storage.for_ever") : t("storage.days", { n: number(days) })}</b>
                ${setting && html` <code>${setting}</code>`}
              </dd>
            `,
          )}
        </dl>
      </div>
      <div>
        <h3>${t("storage.tables")}</h3>
        <ul class="tables">
          ${holdings(kept.tables).map(([what, bytes]) => {
            const part = kept.bytes ? bytes / kept.bytes : 0;
            return html`<li key=${what}>
              <span class="grow">${t(`storage_holds.${what}`)}</span>
              <span class="bar" role="img" aria-label=${t("storage.share", { part: percent(part) })}>
                <i style=${{ width: `${100 * part}%` }}></i>
              </span>
              <b>${size(bytes)}</b>
            </li>`;
          })}
        </ul>
      </div>
    </div>
  </section>`;
}

export default function Storage() {
  const found = useResource(readAll);
  const { data, error, load } = found;
  return html`<${OfficeShell} title=${t("storage.title")}>
    ${error && !data && html`<div class="card"><${Problem} error=${error} retry=${load} /></div>`}
    ${!data && !error && html`<div class="card card-body"><${Skeleton} rows="6" height="60" /></div>`}
    ${data?.map((kept) => html`<${Service} key=${kept.service} kept=${kept} />`)}
  <//>`;
}
