// The sheet on paper.
import { html } from "/js/lib/html.js";
import { hours, percent } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Paper } from "/js/components/paper.js";
import { hasAttendance, PLACES, shareOf, shareWord } from "/pages/floor/labour/table.js";

export function LabourPaper({ sheet, period, person }) {
  const { label, text } = PLACES[sheet.by](person);
  const there = hasAttendance(sheet.by);
  const share = shareOf(sheet);
  const line = (name, row, ratio) =>
    html`
      <td>${name}</td>
      ${there && html`<td class="end">${row.attendance_s === null ? "" : hours(row.attendance_s)}</td>`}
      <td class="end">${hours(row.direct_s)}</td>
      <td class="end">${hours(row.waiting_s)}</td>
      <td class="end">${ratio === null ? "" : percent(ratio, 1)}</td>
      <td>${row.flags?.map((flag) => t(`labour.flag.${flag}`)).join(", ")}</td>
    `;
  return html`<${Paper} title=${`${t("labour.title")} · ${t(`labour.by.${sheet.by}`)}`} subtitle=${period} roomy>
    <table>
      <thead>
        <tr>
          <th>${label}</th>
          ${there && html`<th>${t("labour.attendance")}</th>`}
          <th>${t("labour.direct")}</th>
          <th>${t("labour.waiting")}</th>
          <th>${shareWord(sheet.by)}</th>
          <th>${t("labour.remarks")}</th>
        </tr>
      </thead>
      <tbody>${sheet.items.map((row, index) => html`<tr key=${index}>${line(text(row), row, share(row))}</tr>`)}</tbody>
      <tfoot><tr>${line(t("labour.total"), sheet, there ? sheet.direct_ratio : null)}</tr></tfoot>
    </table>
  <//>`;
}
