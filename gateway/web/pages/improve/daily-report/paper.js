// The report on paper, with the columns that shops know; a screen is too narrow for them and shows it otherwise.
import { html } from "/js/lib/html.js";
import { dayInWords, number, percent } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { Paper } from "/js/components/paper.js";
import { byShift, crewOf, hours, keyOf, STOPS } from "/pages/improve/daily-report/rows.js";

const COLUMNS = 23;
const longDay = (date) => dayInWords(date, { year: "numeric", month: "long", day: "numeric", weekday: "short" });
const shortDay = (day) => day.slice(5).replace("-", "/");
const count = (value) => (Number(value) ? number(value) : "");

/** What is counted, in the order of the paper: of a row or of all. */
const counts = (row) => html`
  <td class="end strong">${count(row.finished)}</td>
  <td class="end">${count(row.good)}</td>
  <td class="end">${count(row.scrap)}</td>
  ${STOPS.map(({ name }) => html`<td class="end" key=${name}>${hours(row[name])}</td>`)}
  <td class="end">${count(row.setups)}</td>
  <td class="end strong">${row.utilisation === null ? "" : percent(row.utilisation, 1)}</td>
  <td class="end">${hours(row.operation_s)}</td>
`;

const Line = ({ row, person }) => html`<tr>
  <td>${shortDay(row.business_date)}</td>
  <td>${row.machine_name ? local(row.machine_name) : row.machine}</td>
  <td><b>${row.item}</b> ${row.item_name && local(row.item_name)}</td>
  <td>${row.customer}</td>
  <td>${row.number}</td>
  <td>${row.op} ${row.op_name && local(row.op_name)}</td>
  ${counts(row)}
  <td>${row.shift_name ? local(row.shift_name) : row.shift}</td>
  <td>${crewOf(row, person)}</td>
  <td class="end">${row.plan && number(row.plan)}</td>
  <td>${row.remarks}</td>
</tr>`;

export function ReportPaper({ report, chosen, machines = [], person }) {
  const shift = report.shifts.find((one) => one.code === chosen.shift);
  const machine = machines.find((one) => one.code === chosen.machine);
  const choice = [
    shift && local(shift.name),
    machine ? local(machine.name) : chosen.machine,
    chosen.person && (person(chosen.person) || chosen.person),
  ]
    .filter(Boolean)
    .join(" · ");
  return html`<${Paper}
    title=${t("report.title")}
    subtitle=${`${longDay(report.business_date)}${choice && ` · ${choice}`}`}
  >
    <table>
      <thead>
        <tr>
          <th>${t("report.date")}</th>
          <th>${t("report.machine")}</th>
          <th>${t("report.part")}</th>
          <th>${t("field.customer")}</th>
          <th>${t("report.work_order")}</th>
          <th>${t("report.operation")}</th>
          <th>${t("report.finished")}</th>
          <th>${t("count.good")}</th>
          <th>${t("count.scrap")}</th>
          ${STOPS.map(({ name, label }) => html`<th key=${name}>${label()}</th>`)}
          <th>${t("report.setups")}</th>
          <th>${t("report.utilisation")}</th>
          <th>${t("report.operation_s")}</th>
          <th>${t("report.shift")}</th>
          <th>${t("report.crew")}</th>
          <th>${t("report.plan")}</th>
          <th>${t("report.remarks")}</th>
        </tr>
      </thead>
      ${byShift(report.items).map(
        (group) =>
          html`<tbody key=${group.key}>
            ${group.rows.map((row) => html`<${Line} key=${keyOf(row)} row=${row} person=${person} />`)}
          </tbody>`,
      )}
      <tfoot>
        <tr><th colspan="6">${t("report.total")}</th>${counts(report.total)}<td colspan=${COLUMNS - 19}></td></tr>
      </tfoot>
    </table>
  <//>`;
}
