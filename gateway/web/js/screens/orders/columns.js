import { html } from "/js/lib/html.js";
import { day, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { orderLook } from "/js/lib/states.js";
import { Chip } from "/js/components/chip.js";
import { Segments } from "/js/components/progress.js";
import { lateness } from "/js/screens/order/details.js";

const second = (...parts) => parts.filter(Boolean).join(" · ");

function Due({ order }) {
  const { late, text } = lateness(order);
  return html`<span class=${late ? "due-late" : "nowrap"}>${day(order.due_at)}${late ? ` · ${text}` : ""}</span>`;
}

function State({ order }) {
  const look = orderLook(order.state);
  const words = order.state === "on_hold" && order.reason ? `${look.word} · ${order.reason}` : look.word;
  return html`<${Chip} tone=${look.tone} dot=${look.dot} title=${words}><span class="chip-text">${words}</span><//>`;
}

/** The columns of the order list. Sorting works on what is loaded; the server's own order is by due date. */
export const columns = () => [
  { key: "order", class: "order", label: t("orders.order"), sort: (o) => o.number, render: (o) => html`<span class="first nowrap">${o.number}</span><span class="second">${second(o.sales_order, o.customer) || "–"}</span>` },
  { key: "item", class: "item", label: t("field.item"), sort: (o) => o.item, render: (o) => html`<span class="first">${o.item}</span><span class="second">${local(o.item_name)}</span>` },
  { key: "quantity", class: "quantity", label: t("field.quantity"), align: "end", sort: (o) => Number(o.quantity), render: (o) => number(o.quantity) },
  { key: "due", class: "due", label: t("field.due_at"), sort: (o) => o.due_at, render: (o) => html`<${Due} order=${o} />` },
  { key: "state", class: "state", label: t("orders.state"), render: (o) => html`<${State} order=${o} />` },
  { key: "ops", class: "ops", label: t("orders.operations"), render: (o) => html`<${Segments} operations=${o.operations} tone=${o.state === "on_hold" ? "warn" : ""} />` },
  { key: "good", class: "good", label: t("count.good"), align: "end", sort: (o) => Number(o.good), render: (o) => html`<span class="on-phone">${t("count.good")} </span>${number(o.good)}` },
  { key: "scrap", class: "scrap", label: t("count.scrap"), align: "end", sort: (o) => Number(o.scrap), render: (o) => number(o.scrap) },
];
