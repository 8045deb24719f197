// What the import does with each row: counts that filter, the errors in words, and old → new for each field that
// changes.
import { html, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { Table } from "/js/components/table.js";
import { headingOf } from "/pages/plan/imports/kinds.js";

const LOOK = {
  created: { tone: "run", icon: "plus" },
  updated: { tone: "setup", icon: "edit" },
  unchanged: { tone: "idle", icon: "check" },
  error: { tone: "stop", icon: "warning" },
};
const AT_ONCE = 200;

/** "Unit  EA → kg" for each field. */
export const Changes = ({ kind, changes }) =>
  changes.map(
    (change) =>
      html`<div class="change" key=${change.field + change.before}>
        <b>${headingOf(kind, change.field)}</b> ${change.before !== null && html`<s>${change.before}</s>${" → "}`}
        ${change.after ?? html`<span class="muted">${t("imports.emptied")}</span>`}
      </div>`,
  );

export function VerdictChip({ verdict, word }) {
  return html`<${Chip} tone=${LOOK[verdict].tone} icon=${LOOK[verdict].icon}>${word ?? t(`verdict.${verdict}`)}<//>`;
}

export function Verdicts({ report, kinds, done = false }) {
  const { summary, rows } = report;
  const [filter, setFilter] = useState(summary.error ? "error" : "all");
  const [shown, setShown] = useState(AT_ONCE);
  const kindOf = (row) => kinds.find((kind) => kind.name === (row.kind ?? report.kind));
  const verdicts = ["error", "created", "updated", "unchanged"].filter((name) => summary[name]);
  const options = [
    { value: "all", label: t("verdict.all"), count: number(rows.length) },
    ...verdicts.map((value) => ({ value, label: t(`verdict.${value}`), count: number(summary[value]) })),
  ];
  const wanted = filter === "all" || !summary[filter] ? rows : rows.filter((row) => row.verdict === filter);
  const several = report.kind === "everything";
  const columns = [
    ...(several ? [{ key: "kind", label: t("imports.kind_column"), render: (row) => kindOf(row)?.title }] : []),
    { key: "row", label: t("imports.row"), class: "number", render: (row) => number(row.row) },
    { key: "key", label: t("imports.key"), class: "key", render: (row) => row.key || "–" },
    {
      key: "verdict",
      label: t("imports.verdict"),
      render: (row) =>
        html`<${VerdictChip}
          verdict=${row.verdict}
          word=${done && row.verdict === "error" ? t("verdict.left_out") : undefined}
        />`,
    },
    {
      key: "why",
      label: t("imports.why"),
      class: "why",
      render: (row) =>
        html`
          ${row.errors.map(
            (error) =>
              html`<div class="fault" key=${error.field + error.code}>
                <b>${headingOf(kindOf(row), error.field)}</b> ${error.message}
              </div>`,
          )}
          <${Changes} kind=${kindOf(row)} changes=${row.changes ?? []} />
        `,
    },
  ];
  return html`<div class="stack" style=${{ gap: "12px" }}>
    <${Pills}
      label=${t("imports.verdict")}
      options=${options}
      value=${filter}
      onChange=${(value) => {
        setFilter(value);
        setShown(AT_ONCE);
      }}
    />
    <${Table}
      compact
      class="import-rows"
      label=${t("imports.verdict")}
      columns=${columns}
      rows=${wanted.slice(0, shown)}
      rowKey=${(row) => `${row.kind ?? ""}${row.row}`}
      empty=${html`<${Empty} icon="file" title=${t("imports.no_rows")} text=${t("imports.no_rows_text")} />`}
      foot=${
        wanted.length > shown &&
        html`<div class="list-more">
          <${Button} kind="quiet" onClick=${() => setShown(shown + AT_ONCE)}>${t("orders.more")}<//>
        </div>`
      }
    />
  </div>`;
}
