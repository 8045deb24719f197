// What the import does with each row: counts that filter, the errors in words, and old → new for each field that
// changes.
import { html, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { valueWord } from "/js/lib/values.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { Table } from "/js/components/table.js";
import { BadRows } from "/pages/plan/imports/bad-rows.js";
import { headingOf } from "/pages/plan/imports/kinds.js";

const LOOK = {
  requested: { tone: "warn", icon: "change" },
  created: { tone: "run", icon: "plus" },
  updated: { tone: "setup", icon: "edit" },
  unchanged: { tone: "idle", icon: "check" },
  error: { tone: "stop", icon: "warning" },
};
const AT_ONCE = 200;

/** The row's verdict; a change of a released order is no error, but waits for a planner. Pure. */
export const verdictOf = (row) =>
  row.errors.some((error) => error.code === "order_released") ? "requested" : row.verdict;

/** "Unit  EA → kg" for each field. */
export const Changes = ({ kind, changes }) =>
  changes.map(({ field, before, after }) => {
    const was = valueWord(field, before);
    return html`<div class="change" key=${field + before}>
      <b>${headingOf(kind, field)}</b> ${was && html`<s>${was}</s>${" → "}`}
      ${valueWord(field, after) || html`<span class="muted">${t("imports.emptied")}</span>`}
    </div>`;
  });

export function VerdictChip({ verdict, word }) {
  return html`<${Chip} tone=${LOOK[verdict].tone} icon=${LOOK[verdict].icon}>${word ?? t(`verdict.${verdict}`)}<//>`;
}

const VERDICTS = ["error", "requested", "created", "updated", "unchanged"];

/** What stood in the cell, where the message does not say it itself. */
const quote = (cell, message) => cell && !message.includes(cell) && html` <q>${cell}</q>`;

/** Why a row was not taken, and what it changes. */
export function Why({ kind, row }) {
  const isRequested = verdictOf(row) === "requested";
  return html`
    ${
      isRequested
        ? html`<div class="muted">${t("imports.requested_text")}</div>`
        : row.errors.map(
            (error) =>
              html`<div class="fault" key=${error.field + error.code}>
                <b>${headingOf(kind, error.field)}</b> ${error.message}
                ${quote(row.cells?.[error.field], error.message)}
              </div>`,
          )
    }
    <${Changes} kind=${kind} changes=${row.changes ?? []} />
  `;
}

/** `file`: the name of the one that was read. */
export function Verdicts({ report, kinds, file, done = false }) {
  const { rows } = report;
  const [filter, setFilter] = useState(rows.some((row) => verdictOf(row) === "error") ? "error" : "all");
  const [shown, setShown] = useState(AT_ONCE);
  const kindOf = (row) => kinds.find((kind) => kind.name === (row.kind ?? report.kind));
  const counted = Object.fromEntries(VERDICTS.map((name) => [name, 0]));
  for (const row of rows) counted[verdictOf(row)] += 1;
  const verdicts = VERDICTS.filter((name) => counted[name]);
  const options = [
    { value: "all", label: t("verdict.all"), count: number(rows.length) },
    ...verdicts.map((value) => ({ value, label: t(`verdict.${value}`), count: number(counted[value]) })),
  ];
  const wanted = filter === "all" || !counted[filter] ? rows : rows.filter((row) => verdictOf(row) === filter);
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
          verdict=${verdictOf(row)}
          word=${done && verdictOf(row) === "error" ? t("verdict.left_out") : undefined}
        />`,
    },
    {
      key: "why",
      label: t("imports.why"),
      class: "why",
      render: (row) => html`<${Why} kind=${kindOf(row)} row=${row} />`,
    },
  ];
  return html`<div class="stack" style=${{ gap: "12px" }}>
    <div class="filters">
      <${Pills}
        label=${t("imports.verdict")}
        options=${options}
        value=${filter}
        onChange=${(value) => {
          setFilter(value);
          setShown(AT_ONCE);
        }}
      />
      <${BadRows} rows=${rows.filter((row) => verdictOf(row) === "error")} kindOf=${kindOf} file=${file} />
    </div>
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
