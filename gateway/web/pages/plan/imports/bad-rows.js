// The rows that were not taken as a file of their own: mended there and imported again, with nothing else in the way.
import { html } from "/js/lib/html.js";
import { saveAs } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { headingOf } from "/pages/plan/imports/kinds.js";

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const quoted = (text) => {
  const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * The rows as CSV: where each stood, why it was not taken, and what stood in it under its kind's headings. Pure.
 */
export function csvOf(rows, kindOf, words) {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row.cells ?? {})))];
  const kind = kindOf(rows[0]);
  const headings = fields.map((field) => headingOf(kind, field) || field);
  const why = (row) =>
    row.errors
      .map((error) => [headingOf(kindOf(row), error.field), error.message].filter(Boolean).join(": "))
      .join(" ");
  const lines = rows.map((row) => [
    ...(fields.length ? fields.map((field) => row.cells?.[field] ?? "") : [row.key]),
    String(row.row),
    why(row),
  ]);
  const head = [...(fields.length ? headings : [words.key]), words.row, words.why];
  return [head, ...lines].map((line) => line.map((cell) => quoted(cell)).join(",")).join("\r\n");
}

export function BadRows({ rows, kindOf, file }) {
  if (!rows.length) return null;
  const save = () => {
    const words = { key: t("imports.key"), row: t("imports.row"), why: t("imports.why") };
    const name = `${(file || "rows").replace(/\.[^.]*$/, "")}-${t("imports.bad_rows_name")}.csv`;
    saveAs(new Blob(["\ufeff", csvOf(rows, kindOf, words)], { type: "text/csv" }), name);
  };
  return html`<${Button} size="small" icon="file" class="bad-rows" data-testid="bad-rows" onClick=${save}>
    ${t("imports.bad_rows")}
  <//>`;
}
