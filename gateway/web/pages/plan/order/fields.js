// The fields of an order in a form: as an order has them, and back as the API takes them.
import { html } from "/js/lib/html.js";
import { decimal } from "/js/lib/fields.js";
import { clock, instant, isoDay, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useDecimals, amountOf } from "/js/lib/units.js";
import { Field } from "/js/components/field.js";
import { QuantityField } from "/js/components/quantity.js";
import { PRIORITIES } from "/pages/plan/order/details.js";
import { limitsOf, useShopTolerances } from "/pages/plan/order/tolerance.js";

/** Those at which the API's errors are shown. */
export const FIELDS = [
  "quantity",
  "due_at",
  "customer",
  "sales_order",
  "note",
  "over_tolerance_pct",
  "under_tolerance_pct",
];

/** The priority that people see for a number between. */
const nearest = (priority) => (priority < 40 ? "10" : priority > 60 ? "90" : "50");

/** What the form begins with. */
export const formOf = (order) => ({
  quantity: order.quantity,
  day: isoDay(order.due_at),
  time: clock(order.due_at),
  priority: nearest(order.priority),
  customer: order.customer ?? "",
  sales_order: order.sales_order ?? "",
  note: order.note ?? "",
  over_tolerance_pct: order.over_tolerance_pct ?? "",
  under_tolerance_pct: order.under_tolerance_pct ?? "",
});

/** The fields that differ from the order, as the API takes them. */
export function changed(form, order) {
  const before = formOf(order);
  const out = {};
  if (Number(form.quantity) !== Number(before.quantity)) out.quantity = form.quantity;
  if (form.day !== before.day || form.time !== before.time) out.due_at = instant(form.day, form.time);
  if (form.priority !== before.priority) out.priority = Number(form.priority);
  for (const name of ["customer", "sales_order", "note", "over_tolerance_pct", "under_tolerance_pct"])
    if (form[name].trim() !== before[name]) out[name] = form[name].trim() || null;
  return out;
}

export const complete = (form) => amountOf(form.quantity) > 0 && Boolean(form.day) && Boolean(form.time);

/** `units`: those in which it may be given, the item's own `unit` first; `form.unit` is the chosen one. */
export function Quantity({ form, change, unit, units, problem, ...rest }) {
  return html`<${QuantityField}
    label=${unit && !units ? t("orders.quantity_in", { unit }) : t("field.quantity")}
    value=${form.quantity}
    decimals=${useDecimals(unit)}
    unit=${units && (form.unit || unit)}
    units=${units}
    onUnit=${units && change("unit")}
    onInput=${change("quantity")}
    error=${problem?.field?.("quantity")}
    unitError=${problem?.field?.("unit")}
    data-testid="order-quantity"
    ...${rest}
  />`;
}

export function DueAndPriority({ form, change, problem }) {
  return html`
    <div class="form two">
      <${Field}
        label=${t("field.due_at")}
        type="date"
        value=${form.day}
        onInput=${change("day")}
        error=${problem?.field?.("due_at")}
        data-testid="order-due"
      />
      <${Field} label=${t("orders.due_time")} type="time" value=${form.time} onInput=${change("time")} />
    </div>
    <${Field}
      label=${t("field.priority")}
      value=${form.priority}
      onInput=${change("priority")}
      options=${PRIORITIES.map((one) => ({ value: one.value, label: one.label() }))}
      data-testid="order-priority"
    />
  `;
}

export function CustomerAndSalesOrder({ form, change, problem }) {
  return html`<div class="form two">
    <${Field}
      label=${t("field.customer")}
      value=${form.customer}
      onInput=${change("customer")}
      maxlength="200"
      error=${problem?.field?.("customer")}
      data-testid="order-customer"
    />
    <${Field}
      label=${t("field.sales_order")}
      value=${form.sales_order}
      onInput=${change("sales_order")}
      maxlength="100"
      error=${problem?.field?.("sales_order")}
    />
  </div>`;
}

export function OrderNote({ form, change, problem }) {
  return html`<${Field}
    label=${t("field.note")}
    rows="3"
    value=${form.note}
    onInput=${change("note")}
    maxlength="500"
    error=${problem?.field?.("note")}
    data-testid="order-note"
  />`;
}

/**
 * How much more and less than ordered is taken; what is left empty is the shop's. The hints say what that is in pieces.
 */
export function Tolerances({ form, change, unit, problem }) {
  const shop = useShopTolerances();
  const isOwn = !form.unit || form.unit === unit;
  const limits = Number(form.quantity) > 0 && unit && isOwn ? limitsOf({ ...form, unit }, shop) : null;
  const field = (name, label, hint) => html`<${Field}
    label=${label}
    hint=${limits && hint()}
    inputmode="decimal"
    autocomplete="off"
    placeholder=${shop ? number(shop[name]) : ""}
    value=${form[name]}
    onInput=${(value) => change(name)(decimal(value))}
    error=${problem?.field?.(name)}
    data-testid=${`order-${name.split("_")[0]}`}
  />`;
  return html`<div class="form two">
    ${field("under_tolerance_pct", t("tolerance.under"), () => t("tolerance.least", { n: number(limits.least), unit }))}
    ${field("over_tolerance_pct", t("tolerance.over"), () => t("tolerance.most", { n: number(limits.most), unit }))}
  </div>`;
}
