// The rows that were not taken as a file of their own: mended there and imported again, with nothing else in the way.
import { html } from "/js/lib/html.js";
import { saveAs } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const quoted = (text) => {
  const safe = FORMULA.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/**
 * The rows as CSV: what stood in each under the headings of its fields, where it stood, and why it was not taken; of
 * rows whose cells are not known the key alone. `words` {key, row, why} name what is no field. Pure.
 */
export function csvOf(rows, headings, words) {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row.cells ?? {})))];
  const why = (row) =>
    row.errors.map((error) => [headings[error.field], error.message].filter(Boolean).join(": ")).join(" ");
  const cells = (row) => (fields.length ? fields.map((field) => row.cells?.[field] ?? "") : [row.key]);
  const head = fields.length ? fields.map((field) => headings[field] || field) : [words.key];
  return [[...head, words.row, words.why], ...rows.map((row) => [...cells(row), String(row.row), why(row)])]
    .map((line) => line.map(quoted).join(","))
    .join("\r\n");
}

export function BadRows({ rows, kindOf, file }) {
  if (!rows.length) return null;
  const save = () => {
    const words = { key: t("imports.key"), row: t("imports.row"), why: t("imports.why") };
    const name = `${(file || "rows").replace(/\.[^.]*$/, "")}-${t("imports.bad_rows_name")}.csv`;
    const headings = Object.fromEntries(kindOf(rows[0]).fields.map((field) => [field.name, field.heading]));
    saveAs(new Blob(["\ufeff", csvOf(rows, headings, words)], { type: "text/csv" }), name);
  };
  return html`<${Button} size="small" icon="file" class="bad-rows" data-testid="bad-rows" onClick=${save}>
    ${t("imports.bad_rows")}
  <//>`;
}
