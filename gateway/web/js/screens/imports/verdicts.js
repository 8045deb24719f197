// What the import does with each row: counts that filter, and the errors in words beside their row.
import { html, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { Table } from "/js/components/table.js";
import { fieldLabel } from "/js/screens/imports/kinds.js";

const LOOK = { created: { tone: "run", icon: "plus" }, updated: { tone: "setup", icon: "edit" }, unchanged: { tone: "idle", icon: "check" }, error: { tone: "stop", icon: "warning" } };
const AT_ONCE = 200;

const fieldName = (field) => {
  const name = field.replace(/^.*\./, "");
  return /^[a-z_]+$/.test(name) && name !== "file" ? fieldLabel(name) : "";
};

export function Verdicts({ report, done = false }) {
  const { summary, rows } = report;
  const [filter, setFilter] = useState(summary.error ? "error" : "all");
  const [shown, setShown] = useState(AT_ONCE);
  const verdicts = ["error", "created", "updated", "unchanged"].filter((name) => summary[name]);
  const options = [{ value: "all", label: t("verdict.all"), count: number(rows.length) }, ...verdicts.map((value) => ({ value, label: t(`verdict.${value}`), count: number(summary[value]) }))];
  const wanted = filter === "all" || !summary[filter] ? rows : rows.filter((row) => row.verdict === filter);
  const columns = [
    { key: "row", label: t("imports.row"), class: "number", render: (row) => number(row.row) },
    { key: "key", label: t("imports.key"), class: "key", render: (row) => row.key || "–" },
    { key: "verdict", label: t("imports.verdict"), render: (row) => html`<${Chip} tone=${LOOK[row.verdict].tone} icon=${LOOK[row.verdict].icon}>${done && row.verdict === "error" ? t("verdict.left_out") : t(`verdict.${row.verdict}`)}<//>` },
    { key: "why", label: t("imports.why"), class: "why", render: (row) => row.errors.map((error) => html`<div key=${error.field + error.code}><b>${fieldName(error.field)}</b> ${error.message}</div>`) },
  ];
  return html`<div class="stack" style=${{ gap: "12px" }}>
    <${Pills} label=${t("imports.verdict")} options=${options} value=${filter} onChange=${(value) => (setFilter(value), setShown(AT_ONCE))} />
    <${Table} compact class="import-rows" label=${t("imports.verdict")} columns=${columns} rows=${wanted.slice(0, shown)} rowKey=${(row) => row.row}
      empty=${html`<${Empty} icon="file" title=${t("imports.no_rows")} text=${t("imports.no_rows_text")} />`}
      foot=${wanted.length > shown && html`<div class="list-more"><${Button} kind="quiet" onClick=${() => setShown(shown + AT_ONCE)}>${t("orders.more")}<//></div>`} />
  </div>`;
}
