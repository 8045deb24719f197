// What the report's screen and its paper have in common.
import { hours as inHours } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";

/** Seconds as "1:05"; nothing for no time. */
export const hours = (seconds) => (seconds >= 30 ? inHours(seconds) : "");

/** Who made it; whoever sees no persons reads how many they were. */
export const crewOf = ({ crew }, person) =>
  crew.includes(null) ? t("report.people", { n: crew.length }) : crew.map((code) => person(code) || code).join(", ");

/** Times in which a machine made nothing, in the order of the paper. */
export const STOPS = [
  { name: "planned_stop_s", tone: "idle", label: () => t("report.planned_stop_s") },
  { name: "die_change_s", tone: "setup", label: () => t("report.die_change_s") },
  { name: "no_material_s", tone: "stop", label: () => t("report.no_material_s") },
  { name: "readjustment_s", tone: "stop", label: () => t("report.readjustment_s") },
  { name: "machine_failure_s", tone: "stop", label: () => t("report.machine_failure_s") },
  { name: "no_operator_s", tone: "stop", label: () => t("report.no_operator_s") },
  { name: "other_s", tone: "stop", label: () => t("report.other_s") },
];
export const TIMES = [{ name: "operation_s", tone: "run", label: () => t("report.operation_s") }, ...STOPS];

/** What tells a row from the others of its shift. */
export const keyOf = (row) => `${row.machine}/${row.job_id}`;

/** The rows by shift, in the order in which they are told. */
export function byShift(items) {
  const groups = [];
  for (const row of items) {
    const key = row.shift ?? "-";
    if (groups.at(-1)?.key !== key) groups.push({ key, name: row.shift_name ?? row.shift, rows: [] });
    groups.at(-1).rows.push(row);
  }
  return groups;
}
