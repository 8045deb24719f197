// The report of a recall drill on paper: black on white, with room for signatures.
import { html } from "/js/lib/html.js";
import { moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { site } from "/js/lib/session.js";
import { jobDisplay, lotDisplay } from "/js/lib/display.js";
import { origin } from "/pages/quality/lots/texts.js";

const zero = (value) => (Number(value) ? number(value) : "–");
/** What share can be accounted for; a whole is fine, anything else is for a person to look at. */
const Share = ({ percent }) =>
  html`<b class=${percent !== null && Number(percent) !== 100 ? "odd" : ""}>
    ${percent === null ? "–" : `${number(percent, 1)} %`}
  </b>`;

function Balance({ balance, unit }) {
  const part = (name, value, extra = "") =>
    html`<div class=${extra}><dt>${name}</dt><dd>${number(value)} <small>${unit}</small></dd></div>`;
  return html`<dl class="balance">
    ${part(t("recall.came_in"), balance.came_in)}
    ${Number(balance.found) > 0 && part(t("recall.found"), balance.found)}
    ${part(t("recall.remaining"), balance.remaining)}
    ${part(t("recall.used"), balance.used)}
    ${part(t("recall.at_jobs"), balance.at_jobs)}
    ${part(t("recall.shipped"), balance.shipped)}
    ${part(t("recall.unexplained"), balance.unexplained, Number(balance.unexplained) ? "odd" : "")}
    <div class="share">
      <dt>${t("recall.balance")}</dt>
      <dd data-testid="recall-percent"><${Share} percent=${balance.percent} /></dd>
    </div>
  </dl>`;
}

const Section = ({ title, none, rows, head, row }) => html`<section>
  <h2>${title}</h2>
  ${
    rows.length
      ? html`<table><thead><tr>${head}</tr></thead><tbody>${rows.map(row)}</tbody></table>`
      : html`<p class="empty-line">${none}</p>`
  }
</section>`;
const end = (text) => html`<th class="end">${text}</th>`;
const where = (lot) =>
  [
    Number(lot.remaining) > 0 && (lot.location ?? t("recall.in_house")),
    Number(lot.shipped) > 0 && t("recall.at_customers"),
    Number(lot.used) > 0 && t("recall.in_products"),
    Number(lot.at_jobs) > 0 && t("recall.at_machines"),
  ]
    .filter(Boolean)
    .join(", ") || "–";

export function Paper({ recall }) {
  const { lot, balance, customers, shipments, jobs, items, lots } = recall;
  const units = new Map(lots.map((one) => [one.lot, one.unit]));
  const open = new Set(jobs.map((one) => one.job_id)).size;
  const isFound = items.some((one) => Number(one.found));
  const reached = customers.length
    ? t("recall.reached", {
        customers: new Set(customers.map((one) => one.customer)).size,
        lots: number(lots.length - 1),
      })
    : t("recall.reached_none", { lots: number(lots.length - 1) });
  return html`<article class="recall-paper" tabindex="0" data-testid="recall-paper">
    <header>
      <div class="grow">
        <p class="shop">${local(site.value?.name)}</p>
        <h1>${t("recall.title")}</h1>
        <p class="number">${lot.lot}</p>
      </div>
      <dl class="facts">
        <div><dt>${t("field.item")}</dt><dd>${lot.item} ${local(lot.item_name)}</dd></div>
        <div><dt>${t("recall.origin")}</dt><dd>${origin(lot)}</dd></div>
        <div><dt>${t("recall.made_at")}</dt><dd>${moment(recall.at)}</dd></div>
      </dl>
    </header>
    <p class="reached">
      ${reached}
      ${open > 0 && ` ${t("recall.reached_jobs", { jobs: number(open) })}`}
    </p>
    <section>
      <h2>${t("recall.balance_of", { lot: lot.lot })}</h2>
      <${Balance} balance=${balance} unit=${lot.unit} />
    </section>
    <${Section}
      title=${t("recall.customers")}
      none=${t("recall.no_customers")}
      rows=${customers}
      head=${html`
        <th>${t("field.customer")}</th>
        <th>${t("field.item")}</th>
        ${end(t("field.quantity"))}
        ${end(t("recall.lots"))}
        ${end(t("recall.shipments"))}
      `}
      row=${(one) =>
        html`<tr key=${`${one.customer}${one.item}`}>
          <td><b>${one.customer}</b></td>
          <td>${one.item} ${local(one.item_name)}</td>
          <td class="end"><b>${number(one.quantity)}</b> ${one.unit}</td>
          <td class="end">${one.lots}</td>
          <td class="end">${one.shipments}</td>
        </tr>`}
    />
    ${
      jobs.length > 0 &&
      html`<${Section}
        title=${t("recall.jobs")}
        none=""
        rows=${jobs}
        head=${html`
          <th>${t("orders.order")}</th>
          <th>${t("field.item")}</th>
          <th>${t("field.customer")}</th>
          <th>${t("lots.lot")}</th>
          ${end(t("recall.given"))}
          ${end(t("recall.unused"))}
        `}
        row=${(one) =>
          html`<tr key=${`${one.job_id}${one.lot}`} data-testid="recall-job-${one.number}-${one.op}">
            <td>
              <b>${one.number}</b>
              <small>${t("job.op", { op: one.op })} · ${jobDisplay(one.state).label}</small>
            </td>
            <td>${one.item} ${local(one.item_name)}</td>
            <td>${one.customer ?? "–"}</td>
            <td>${one.lot}</td>
            <td class="end">${number(one.quantity)} ${units.get(one.lot)}</td>
            <td class="end">${zero(one.unused)}</td>
          </tr>`}
      />`
    }
    <${Section}
      title=${t("recall.where")}
      none=""
      rows=${items}
      head=${html`
        <th>${t("field.item")}</th>
        ${end(t("recall.lots"))}
        ${end(t("recall.came_in"))}
        ${isFound && end(t("recall.found"))}
        ${end(t("recall.remaining"))}
        ${end(t("recall.used"))}
        ${end(t("recall.at_jobs"))}
        ${end(t("recall.shipped"))}
        ${end(t("recall.unexplained"))}
        ${end(t("recall.balance"))}
      `}
      row=${(one) =>
        html`<tr key=${`${one.item}${one.op}`}>
          <td>
            <b>${one.item}</b> ${local(one.item_name)}
            ${one.op ? html` <small>${t("job.op", { op: one.op })}</small>` : ""}
          </td>
          <td class="end">${one.lots}</td>
          <td class="end">${number(one.came_in)} ${one.unit}</td>
          ${isFound && html`<td class="end">${zero(one.found)}</td>`}
          <td class="end">${zero(one.remaining)}</td>
          <td class="end">${zero(one.used)}</td>
          <td class="end">${zero(one.at_jobs)}</td>
          <td class="end">${zero(one.shipped)}</td>
          <td class="end">${zero(one.unexplained)}</td>
          <td class="end"><${Share} percent=${one.percent} /></td>
        </tr>`}
    />
    ${
      shipments.length > 0 &&
      html`<${Section}
        title=${t("recall.deliveries")}
        none=""
        rows=${shipments}
        head=${html`
          <th>${t("field.customer")}</th>
          <th>${t("lots.lot")}</th>
          ${end(t("field.quantity"))}
          <th>${t("lots.reference")}</th>
          <th>${t("recall.shipped_at")}</th>
        `}
        row=${(one) =>
          html`<tr key=${one.id}>
            <td>${one.customer}</td>
            <td><b>${one.lot}</b>${one.serials.length > 0 && html` <small>${one.serials.join(", ")}</small>`}</td>
            <td class="end">${number(one.quantity)} ${one.unit}</td>
            <td>${one.reference ?? "–"}</td>
            <td>${moment(one.at)}</td>
          </tr>`}
      />`
    }
    <${Section}
      title=${t("recall.all_lots")}
      none=""
      rows=${lots}
      head=${html`
        <th>${t("lots.lot")}</th>
        <th>${t("field.item")}</th>
        ${end(t("recall.came_in"))}
        ${end(t("recall.remaining"))}
        <th>${t("recall.where_now")}</th>
        <th>${t("lots.state")}</th>
      `}
      row=${(one) =>
        html`<tr key=${one.lot}>
          <td><b>${one.lot}</b><small>${origin(one)}</small></td>
          <td>${one.item}${one.op ? html` <small>${t("job.op", { op: one.op })}</small>` : ""}</td>
          <td class="end">${number(one.quantity)} ${one.unit}</td>
          <td class="end">${zero(one.remaining)}</td>
          <td>${where(one)}</td>
          <td>${lotDisplay(one.state).label}</td>
        </tr>`}
    />
    ${recall.is_cut && html`<p class="empty-line">${t("recall.cut", { n: number(lots.length) })}</p>`}
    <footer>
      <span>${t("recall.printed", { at: moment(Date.now()) })}</span>
      <div class="signs">
        <span>${t("traveller.made_by")}</span>
        <span>${t("traveller.checked_by")}</span>
        <span>${t("traveller.approved_by")}</span>
      </div>
    </footer>
  </article>`;
}
