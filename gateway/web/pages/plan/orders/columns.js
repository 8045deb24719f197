import { html } from "/js/lib/html.js";
import { day, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Chip } from "/js/components/chip.js";
import { Segments } from "/js/components/progress.js";
import { Standing } from "/pages/plan/order/details.js";
import { stateOf } from "/pages/plan/order/stopped.js";

const second = (...parts) => parts.filter(Boolean).join(" · ");

function Number_({ line, onFold }) {
  const { order, level, children, folded } = line;
  return html`<div class="order-cell" style=${{ "--level": level - 1 }}>
    ${
      children > 0 &&
      html`<button
        type="button"
        tabindex="-1"
        class="fold"
        aria-expanded=${!folded}
        aria-label=${t("orders.fold", { n: children })}
        onClick=${() => onFold(line, !folded)}
      >
        ${icon(folded ? "next" : "down")}
      </button>`
    }
    ${level > 1 && html`<i class="branch"></i>`}
    <span class="ellipsis">
      <span class="first">${order.number}</span>
      ${folded && html`<span class="folded-count">+${children}</span>`}
      ${
        order.priority < 40 &&
        html`<span class="urgent" title=${t("priority.urgent")}>${icon("flag", { label: t("priority.urgent") })}</span>`
      }
      <span class="second" title=${second(order.customer, order.sales_order)}>
        ${second(order.customer, order.sales_order) || "–"}
      </span>
    </span>
  </div>`;
}

function State({ order }) {
  const display = stateOf(order);
  const words = order.state === "on_hold" && order.reason ? `${display.label} · ${order.reason}` : display.label;
  return html`
    <${Chip} tone=${display.tone} icon=${display.icon} title=${[words, display.why].filter(Boolean).join(" · ")}>
      <span class="chip-text">${words}</span>
    <//>
    ${
      order.changes_open > 0 &&
      html`<span class="change-mark" title=${t("orders.change_open")}>
        ${icon("change", { label: t("orders.change_open") })}
      </span>`
    }
  `;
}

/** The columns of the board; they are made anew when it is known anew what is late, or stands. */
export const columns = (onFold) => [
  {
    key: "order",
    class: "order",
    label: t("orders.order"),
    sortable: true,
    render: (line) => html`<${Number_} line=${line} onFold=${onFold} />`,
  },
  {
    key: "item",
    class: "item",
    label: t("field.item"),
    sortable: true,
    render: ({ order }) =>
      html`<span class="first">${order.item}</span><span class="second">${local(order.item_name)}</span>`,
  },
  {
    key: "quantity",
    class: "quantity",
    label: t("field.quantity"),
    align: "end",
    sortable: true,
    render: ({ order }) => number(order.quantity),
  },
  {
    key: "due",
    class: "due",
    label: t("field.due_at"),
    sortable: true,
    render: ({ order }) => html`<span class="nowrap">${day(order.due_at)}</span><${Standing} order=${order} />`,
  },
  { key: "state", class: "state", label: t("orders.state"), render: ({ order }) => html`<${State} order=${order} />` },
  {
    key: "ops",
    class: "ops",
    label: t("orders.operations"),
    render: ({ order }) =>
      html`<${Segments} operations=${order.operations} tone=${order.state === "on_hold" ? "warn" : ""} />`,
  },
  {
    key: "good",
    class: "good",
    label: t("count.good"),
    align: "end",
    sortable: true,
    render: ({ order }) => html`<span class="on-phone">${t("count.good")} </span>${number(order.good)}`,
  },
  {
    key: "scrap",
    class: "scrap",
    label: t("count.scrap"),
    align: "end",
    sortable: true,
    render: ({ order }) => number(order.scrap),
  },
];
