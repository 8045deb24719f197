// The sheet on a screen: a line for each person, operation, machine or shift.
import { html } from "/js/lib/html.js";
import { dayInWords, hours, percent } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Progress } from "/js/components/progress.js";
import { Table } from "/js/components/table.js";

const shortDay = (date) => dayInWords(date, { month: "short", day: "numeric", weekday: "short" });
/** Where a machine is looked at: at its own screen by those who may stand there, else on the board. */
const machinePage = (code) => (may("leader") ? `/station/${encodeURIComponent(code)}` : "/board");

/** What stands at the head of a line: {label, text(row), sort(row)}, and how it is drawn. */
export const PLACES = {
  person: (person) => ({
    label: t("labour.person"),
    text: (r) => person(r.person),
    sort: (r) => person(r.person),
    render: (r) =>
      html`
        <span class="first">${person(r.person)}</span>
        ${person(r.person) !== r.person && html`<span class="second">${r.person}</span>`}
      `,
  }),
  job: () => ({
    label: t("labour.job"),
    text: (r) => `${r.number} · ${r.op} ${local(r.op_name)} · ${r.item} ${local(r.item_name)}`,
    sort: (r) => `${r.number} ${String(r.op).padStart(6, "0")}`,
    render: (r) =>
      html`
        <a class="first" href="/orders/${encodeURIComponent(r.number)}">${r.number} · ${r.op}</a>
        <span class="second">${local(r.op_name)} · ${r.item} ${local(r.item_name)}</span>
      `,
  }),
  machine: () => ({
    label: t("labour.machine"),
    text: (r) => (r.machine ? `${r.machine} ${local(r.name)}` : t("labour.by_hand")),
    sort: (r) => r.machine ?? "",
    render: (r) =>
      r.machine
        ? html`
            <a class="first" href=${machinePage(r.machine)}>${r.machine}</a>
            <span class="second">${local(r.name)}</span>
          `
        : html`<span class="first">${t("labour.by_hand")}</span>`,
  }),
  shift: () => ({
    label: t("labour.shift"),
    text: (r) => `${shortDay(r.business_date)} · ${r.shift ? local(r.name) || r.shift : t("labour.no_shift")}`,
    sort: (r) => `${r.business_date} ${r.shift ?? ""}`,
    render: (r) =>
      html`
        <span class="first">${r.shift ? local(r.name) || r.shift : t("labour.no_shift")}</span>
        <span class="second">${shortDay(r.business_date)}</span>
      `,
  }),
};
/**
 * Attendance is a person's, and so are shares of it; at an order or a machine it is told what part of all direct time
 * it took.
 */
export const hasAttendance = (by) => by === "person" || by === "shift";
export const shareOf = (sheet) =>
  hasAttendance(sheet.by)
    ? (row) => row.direct_ratio
    : (row) => (sheet.direct_s ? row.direct_s / sheet.direct_s : null);
export const shareWord = (by) => (hasAttendance(by) ? t("labour.ratio") : t("labour.share"));

export const Flags = ({ flags }) =>
  flags.map((flag) => html`<${Chip} key=${flag} tone="warn" icon="warning">${t(`labour.flag.${flag}`)}<//>`);

const Share = ({ value, label }) =>
  html`<span class="labour-share">
    ${value === null ? html`<i></i>` : html`<${Progress} good=${value} target="1" label=${label} />`}
    <b>${percent(value, 1)}</b>
  </span>`;

export function LabourTable({ sheet, person }) {
  const { render, ...place } = PLACES[sheet.by](person);
  const share = shareOf(sheet);
  const columns = [
    {
      key: "place",
      ...place,
      total: t("labour.total"),
      render: (r) =>
        html`
          ${render(r)}
          ${r.flags.length > 0 && html`<span class="labour-flags"><${Flags} flags=${r.flags} /></span>`}
        `,
    },
    hasAttendance(sheet.by) && {
      key: "attendance",
      label: t("labour.attendance"),
      align: "end",
      sort: (r) => r.attendance_s ?? -1,
      total: hours(sheet.attendance_s),
      render: (r) => (r.attendance_s === null ? "–" : hours(r.attendance_s)),
    },
    {
      key: "direct",
      label: t("labour.direct"),
      align: "end",
      sort: (r) => r.direct_s,
      total: hours(sheet.direct_s),
      render: (r) => hours(r.direct_s),
    },
    {
      key: "waiting",
      label: t("labour.waiting"),
      align: "end",
      sort: (r) => r.waiting_s,
      total: hours(sheet.waiting_s),
      render: (r) => hours(r.waiting_s),
    },
    {
      key: "share",
      label: shareWord(sheet.by),
      class: "labour-ratio",
      sort: (r) => share(r) ?? -1,
      total: hasAttendance(sheet.by) ? html`<${Share} value=${sheet.direct_ratio} label=${shareWord(sheet.by)} />` : "",
      render: (r) => html`<${Share} value=${share(r)} label=${shareWord(sheet.by)} />`,
    },
  ].filter(Boolean);
  return html`<${Table}
    label=${t(`labour.by.${sheet.by}`)}
    columns=${columns}
    rows=${sheet.items}
    rowKey=${(r) => r.person ?? r.job_id ?? r.machine ?? `${r.business_date} ${r.shift}`}
    data-testid="labour-table"
    empty=${html`<${Empty} icon="clock" title=${t("labour.none")} text=${t("labour.none_text")} />`}
  />`;
}
