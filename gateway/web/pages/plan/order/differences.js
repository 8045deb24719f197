// Fields of an order and their values in words, as the history and change requests show them.
import { html } from "/js/lib/html.js";
import { moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { orderDisplay } from "/js/lib/display.js";
import { priorityWord } from "/pages/plan/order/details.js";

const KNOWN = ["item", "quantity", "due_at", "priority", "customer", "sales_order", "external_id", "note"];
const TOLERANCES = { over_tolerance_pct: () => t("tolerance.over"), under_tolerance_pct: () => t("tolerance.under") };
const OWN = ["machine", "skip", "parts", "split_from", "merged", "state"];
const OPERATION = /^operations?\.(\d+)\.(\w+)$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

function fieldWord(field) {
  const [, op, rest] = OPERATION.exec(field) ?? [];
  if (op) return `${t("job.op", { op })} · ${fieldWord(rest)}`;
  if (KNOWN.includes(field)) return t(`field.${field}`);
  if (TOLERANCES[field]) return TOLERANCES[field]();
  return OWN.includes(field) ? t(`change_field.${field}`) : field;
}

function valueWord(field, value) {
  const name = OPERATION.exec(field)?.[2] ?? field;
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? t("action.yes") : t("action.no");
  if (name === "state") return orderDisplay(value).label;
  if (name === "priority") return priorityWord(Number(value));
  if (name === "quantity" || TOLERANCES[name]) return number(value);
  if (Array.isArray(value)) return value.map((one) => valueWord("", one)).join(", ") || "–";
  if (typeof value === "object") return local(value);
  return INSTANT.test(value) ? moment(value) : String(value);
}

/** One line for each field: what it was, what it became. */
export function Differences({ changes }) {
  return html`<dl class="differences">
    ${changes.map(
      (one) => html`<div key=${one.field}>
        <dt>${fieldWord(one.field)}</dt>
        <dd>
          ${
            one.before !== null &&
            one.before !== undefined &&
            html`<del>${valueWord(one.field, one.before)}</del><span aria-hidden="true">→</span>`
          }
          <ins>${valueWord(one.field, one.after)}</ins>
        </dd>
      </div>`,
    )}
  </dl>`;
}
