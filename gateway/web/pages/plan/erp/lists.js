// The three ledgers of the ERP monitor: orders in, confirmations out, deliveries to webhooks.
import { html } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { day, moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";

const LAST = 100;
const ORDER_LOOK = {
  received: { tone: "setup", icon: "clock" },
  accepted: { tone: "run", icon: "check" },
  refused: { tone: "stop", icon: "warning" },
  cancelled: { tone: "idle", icon: "close" },
};
const DELIVERY_LOOK = {
  pending: { tone: "warn", icon: "clock" },
  delivered: { tone: "run", icon: "check" },
  parked: { tone: "stop", icon: "pause" },
};
const orderLink = (number_) => (number_ ? html`<a href="/orders/${encodeURIComponent(number_)}">${number_}</a>` : "–");

function Ledger({ source, ...table }) {
  if (source.error && !source.data)
    return html`<div class="card"><${Problem} error=${source.error} retry=${source.load} /></div>`;
  return html`<${Table} compact class="erp-table" rows=${source.data} ...${table} />`;
}

/** What the shop answered; or that the ERP asks for something that a planner decides on. */
function OrderState(order) {
  if (order.cancel_change_id && order.state !== "cancelled")
    return html`<${Chip} tone="warn" icon="hand">${t("erp_order.cancel_asked")}<//>`;
  if (order.asked.length)
    return order.reason
      ? html`<${Chip} icon="close">${t("erp_order.change_refused")}<//>`
      : html`<${Chip} tone="warn" icon="hand">${t("erp_order.change_asked")}<//>`;
  return html`<${Chip} tone=${ORDER_LOOK[order.state].tone} icon=${ORDER_LOOK[order.state].icon}>
    ${t(`erp_order.${order.state}`)}
  <//>`;
}

const FIELD_OF = { item: 1, quantity: 1, due_at: 1, priority: 1, customer: 1, sales_order: 1, note: 1 };
const worth = (field, value) => {
  if (value === null) return "–";
  if (field === "due_at") return moment(value);
  return field === "quantity" ? number(value) : value;
};

/** What the ERP asks to change of a released order: the difference. */
const Asked = ({ order }) =>
  order.asked.map(
    (change) =>
      html`<span class="erp-asked" key=${change.field} data-testid="asked-${change.field}">
        ${FIELD_OF[change.field] ? t(`field.${change.field}`) : change.field} <del>
          ${worth(change.field, change.before)}
        </del> → <b>${worth(change.field, change.after)}</b>
      </span>`,
  );

export function OrdersIn({ state, pulse }) {
  const orders = useResource(async () => (await get("/erp/orders", { state, limit: LAST })).items, [state, pulse]);
  const columns = [
    {
      key: "id",
      label: t("field.external_id"),
      sort: (o) => o.external_id,
      render: (o) => html`<span class="first nowrap">${o.external_id}</span>`,
    },
    { key: "item", label: t("field.item"), sort: (o) => o.item, render: (o) => o.item },
    {
      key: "quantity",
      label: t("field.quantity"),
      align: "end",
      sort: (o) => Number(o.quantity),
      render: (o) => number(o.quantity),
    },
    {
      key: "due",
      label: t("field.due_at"),
      sort: (o) => o.due_at,
      render: (o) => html`<span class="nowrap">${day(o.due_at)}</span>`,
    },
    {
      key: "customer",
      class: "wide-only",
      label: t("field.customer"),
      sort: (o) => o.customer,
      render: (o) => o.customer ?? "–",
    },
    {
      key: "received",
      class: "wide-only",
      label: t("erp.received_at"),
      sort: (o) => o.received_at,
      render: (o) =>
        html`
          <span class="nowrap">${moment(o.received_at)}</span>
          <span class="second">${o.source === "file" ? t("erp.by_file") : t("erp.by_http")}</span>
        `,
    },
    {
      key: "state",
      label: t("orders.state"),
      render: OrderState,
    },
    {
      key: "number",
      label: t("orders.order"),
      render: (o) =>
        o.state === "refused"
          ? html`<span class="why">${o.reason}</span>`
          : html`<span class="nowrap">${orderLink(o.number)}</span>
              <${Asked} order=${o} />
              ${o.reason && html`<span class="second">${o.reason}</span>`}`,
    },
  ];
  return html`<${Ledger}
    source=${orders}
    label=${t("erp.orders")}
    columns=${columns}
    rowKey=${(o) => o.external_id}
    empty=${html`<${Empty} icon="order" title=${t("erp.no_orders")} text=${t("erp.no_orders_text")}>
      <${Button} href="/imports" icon="import">${t("orders.import")}<//>
    <//>`}
  />`;
}

/** The last confirmations, newest first. The ledger is read forwards, as ERPs do. */
async function lastConfirmations() {
  const { confirmed } = await get("/erp/summary");
  let cursor = Math.max(0, confirmed - LAST);
  let items = [];
  for (;;) {
    const page = await get("/erp/confirmations", { cursor, limit: 200 });
    items = [...items, ...page.items].slice(-LAST);
    if (!page.next_cursor) return items.reverse();
    cursor = page.next_cursor;
  }
}

const delta = (value) =>
  html`<span class=${Number(value) < 0 ? "delta-minus" : ""}>${Number(value) > 0 ? "+" : ""}${number(value)}</span>`;
const scrapOf = (confirmation) => confirmation.scrap.reduce((sum, one) => sum + Number(one.quantity), 0);

/** What is more than a difference: the end of an operation, that it goes on after all, or another quantity. */
function What(c) {
  if (c.op === null)
    return html`<${Chip} tone="warn" icon="edit">${t("erp.quantity_now", { n: number(c.order_quantity) })}<//>`;
  if (c.reopens) return html`<${Chip} tone="warn" icon="undo">${t("erp.reopened")}<//>`;
  return c.final && html`<${Chip} tone="brand" icon="check">${t("erp.final")}<//>`;
}

export function Confirmations({ pulse }) {
  const confirmations = useResource(lastConfirmations, [pulse]);
  const columns = [
    {
      key: "position",
      class: "wide-only",
      label: t("erp.position"),
      align: "end",
      render: (c) => html`<span class="muted">${c.position}</span>`,
    },
    {
      key: "id",
      label: t("field.external_id"),
      render: (c) => html`<span class="first nowrap">${c.external_id}</span>`,
    },
    {
      key: "number",
      label: t("orders.order"),
      render: (c) => html`<span class="nowrap">${orderLink(c.number)}</span>`,
    },
    { key: "op", label: t("results.op"), align: "end", render: (c) => c.op ?? "" },
    { key: "good", label: t("count.good"), align: "end", render: (c) => delta(c.good) },
    { key: "scrap", label: t("count.scrap"), align: "end", render: (c) => html`${delta(scrapOf(c))}` },
    {
      key: "totals",
      class: "wide-only",
      label: t("erp.totals"),
      align: "end",
      render: (c) => c.totals && html`<span class="nowrap">${number(c.totals.good)} · ${number(c.totals.scrap)}</span>`,
    },
    { key: "what", label: "", render: What },
    { key: "at", label: t("results.at"), render: (c) => html`<span class="nowrap">${moment(c.recorded_at)}</span>` },
  ];
  return html`<${Ledger}
    source=${confirmations}
    label=${t("erp.confirmations")}
    columns=${columns}
    rowKey=${(c) => c.id}
    empty=${html`<${Empty} icon="erp" title=${t("erp.no_confirmations")} text=${t("erp.no_confirmations_text")} />`}
  />`;
}

const REFUSED = /^HTTP (\d+)(?:: (.+))?$/s;
const REMOVED = "webhook removed";

/** Why a delivery did not arrive: what the other side answered, or that nobody did. */
function failureWord(error) {
  if (error === REMOVED) return t("erp.hook_removed");
  const [, status, said] = REFUSED.exec(error) ?? [];
  if (!status) return `${t("erp.no_answer")} (${error})`;
  return [t("erp.refused_with", { status }), said].filter(Boolean).join(": ");
}

function When({ delivery }) {
  if (delivery.state === "delivered") return moment(delivery.delivered_at);
  return html`
    <span class="why">${delivery.last_error ? failureWord(delivery.last_error) : ""}</span>
    ${
      delivery.state === "pending" &&
      delivery.next_attempt_at &&
      html`<span class="second">${t("erp.next_attempt", { time: moment(delivery.next_attempt_at) })}</span>`
    }
  `;
}

export function Deliveries({ state, pulse, onChanged }) {
  const deliveries = useResource(
    async () => (await get("/erp/deliveries", { state, limit: LAST })).items,
    [state, pulse],
  );
  const replay = useAction((key, delivery) => post(`/erp/deliveries/${delivery.id}/replay`, {}, { key }), {
    done: () => {
      toast(t("erp.replayed"));
      deliveries.load();
      onChanged();
    },
    failed: toastProblem,
  });
  const columns = [
    {
      key: "id",
      label: t("field.external_id"),
      render: (d) =>
        html`
          <span class="first nowrap">${d.external_id}</span>
          <span class="second">${d.op === null ? t("erp.quantity") : `${t("results.op")} ${d.op}`}</span>
        `,
    },
    {
      key: "url",
      class: "wide-only",
      label: t("erp.webhook"),
      render: (d) => html`<span class="muted">${d.url}</span>`,
    },
    {
      key: "state",
      label: t("orders.state"),
      render: (d) =>
        html`<${Chip} tone=${DELIVERY_LOOK[d.state].tone} icon=${DELIVERY_LOOK[d.state].icon}>
          ${t(`delivery.${d.state}`)}
        <//>`,
    },
    { key: "attempts", class: "wide-only", label: t("erp.attempts"), align: "end", render: (d) => d.attempts },
    { key: "when", label: t("erp.outcome"), render: (d) => html`<${When} delivery=${d} />` },
    {
      key: "replay",
      label: "",
      align: "end",
      render: (d) =>
        d.state === "parked" &&
        may("planner") &&
        html`<${Button}
          size="small"
          icon="refresh"
          busy=${replay.busy}
          data-testid="replay-${d.id}"
          onClick=${() => replay.go(d)}
        >
          ${t("erp.replay")}
        <//>`,
    },
  ];
  return html`<${Ledger}
    source=${deliveries}
    label=${t("erp.deliveries")}
    columns=${columns}
    rowKey=${(d) => d.id}
    empty=${html`<${Empty} icon="link" title=${t("erp.no_deliveries")} text=${t("erp.no_deliveries_text")} />`}
  />`;
}
