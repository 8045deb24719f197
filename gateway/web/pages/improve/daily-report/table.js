// The report on a screen: a line for each machine and job, where its time went as a bar and in words.
import { html } from "/js/lib/html.js";
import { number, percent } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { byShift, crewOf, hours, keyOf, TIMES } from "/pages/improve/daily-report/rows.js";

/** Where the time went; the words beside the colours say it all. */
function Times({ row }) {
  const shown = TIMES.filter(({ name }) => hours(row[name]));
  if (!shown.length) return null;
  return html`
    <div class="time-bar" aria-hidden="true">
      ${shown.map(({ name, tone }) => html`<i key=${name} class=${tone} style=${{ flexGrow: row[name] }}></i>`)}
    </div>
    <ul class="time-words">
      ${shown.map(
        ({ name, tone, label }) => html`<li key=${name} class=${tone}>${label()} <b>${hours(row[name])}</b></li>`,
      )}
      ${row.setups > 0 && html`<li class="plain">${t("report.setups")} <b>${row.setups}</b></li>`}
    </ul>
  `;
}

const Line = ({
  row,
  person,
}) => html`<tr data-testid="row-${row.machine ?? "hand"}-${row.number ?? "none"}-${row.op ?? 0}">
  <td class="what">
    <span class="first">${row.machine ?? t("report.by_hand")}</span>
    <span class="second">${row.machine_name && local(row.machine_name)}</span>
  </td>
  <td class="order">
    ${
      row.number &&
      html`
        <a class="first" href="/orders/${encodeURIComponent(row.number)}">${row.number} · ${row.op}</a>
        <span class="second">${[row.item, local(row.item_name)].join(" ")}</span>
        <span class="second">${[local(row.op_name), row.customer].filter(Boolean).join(" · ")}</span>
      `
    }
  </td>
  <td class="end good">
    <span class="first">${row.number && number(row.good)}</span>
    ${row.plan && html`<span class="second">${t("report.of_plan", { n: number(row.plan) })}</span>`}
  </td>
  <td class="end scrap ${Number(row.scrap) ? "tone-stop strong" : ""}">${row.number && number(row.scrap)}</td>
  <td class="times"><${Times} row=${row} />${row.remarks && html`<p class="second">${row.remarks}</p>`}</td>
  <td class="end use strong">${row.utilisation === null ? "" : percent(row.utilisation, 1)}</td>
  <td class="who">${crewOf(row, person)}</td>
</tr>`;

export function ReportTable({ report, person }) {
  return html`<div class="card table-card report-table" tabindex="0" data-testid="daily-report">
    <table class="table" aria-label=${t("report.title")}>
      <thead>
        <tr>
          <th>${t("report.machine")}</th>
          <th>${t("report.work_order")}</th>
          <th class="end">${t("count.good")}</th>
          <th class="end">${t("count.scrap")}</th>
          <th>${t("report.times")}</th>
          <th class="end">${t("report.utilisation")}</th>
          <th class="who">${t("report.crew")}</th>
        </tr>
      </thead>
      ${byShift(report.items).map(
        (group) => html`<tbody key=${group.key}>
          <tr class="group">
            <th colspan="7" scope="rowgroup">${group.name ? local(group.name) : t("report.no_shift")}</th>
          </tr>
          ${group.rows.map((row) => html`<${Line} key=${keyOf(row)} row=${row} person=${person} />`)}
        </tbody>`,
      )}
    </table>
  </div>`;
}
