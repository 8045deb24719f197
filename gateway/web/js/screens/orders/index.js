// /orders: every order with how far it is, and what a planner does with it.
import { html, signal, useEffect, useRef, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { useStyle } from "/js/lib/style.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { OfficeShell } from "/js/components/shell.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { OrderActions } from "/js/screens/order/actions.js";
import { Operations, OrderFacts, OrderReason, OrderState } from "/js/screens/order/details.js";
import { BulkBar } from "/js/screens/orders/bulk.js";
import { columns } from "/js/screens/orders/columns.js";
import { NewOrder } from "/js/screens/orders/new-order.js";

const OPEN = ["draft", "planned", "released", "in_progress", "on_hold"];
const FILTERS = [
  { value: "open", states: OPEN, label: () => t("orders.open") },
  { value: "unreleased", states: ["draft", "planned"], label: () => t("orders.unreleased") },
  { value: "released", states: ["released"], label: () => t("order.released") },
  { value: "in_progress", states: ["in_progress"], label: () => t("order.in_progress") },
  { value: "on_hold", states: ["on_hold"], label: () => t("order.on_hold") },
  { value: "late", states: OPEN, late: true, label: () => t("orders.late") },
  { value: "done", states: ["completed", "closed"], label: () => t("orders.done") },
];
const PAGE = 100;
/** Kept while the app is open, so that coming back from an order finds the list as it was. */
const view = signal({ filter: "open", q: "" });

/** The first `least` orders of a filter: {items, more}. */
async function read(filter, q, least) {
  const query = { state: filter.states.join(","), q, due_before: filter.late ? new Date().toISOString() : undefined, limit: PAGE };
  const items = [];
  let cursor;
  do {
    const page = await get("/orders/work-orders", { ...query, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < least);
  return { items, more: Boolean(cursor) };
}

async function readCounts() {
  const late = { state: OPEN.join(","), due_before: new Date().toISOString(), limit: 200 };
  const [byState, page] = await Promise.all([get("/orders/work-orders/counts"), get("/orders/work-orders", late)]);
  const sum = (states) => states.reduce((total, state) => total + (byState[state] || 0), 0);
  return Object.fromEntries(FILTERS.map((filter) => [filter.value, filter.late ? `${page.items.length}${page.next_cursor ? "+" : ""}` : number(sum(filter.states))]));
}

function More({ onMore, loading }) {
  const foot = useRef(null);
  const newest = useRef(onMore);
  newest.current = onMore;
  useEffect(() => {
    const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && newest.current(), { rootMargin: "400px" });
    watcher.observe(foot.current);
    return () => watcher.disconnect();
  }, []);
  return html`<div class="list-more" ref=${foot}><${Button} kind="quiet" busy=${loading} onClick=${onMore}>${t("orders.more")}<//></div>`;
}

function Nothing({ q, filter, onReset, onNew }) {
  if (q || filter !== "open") return html`<${Empty} icon="search" title=${t("orders.none_found")} text=${t("orders.none_found_text")}><${Button} onClick=${onReset}>${t("orders.show_open")}<//><//>`;
  return html`<${Empty} icon="order" title=${t("orders.none")} text=${t("orders.none_text")}>
    ${may("planner") && html`<div class="row"><${Button} href="/imports" icon="import">${t("orders.import")}<//><${Button} kind="primary" icon="plus" onClick=${onNew}>${t("orders.new")}<//></div>`}<//>`;
}

function OrderSheet({ order, onClose, onDone }) {
  if (!order) return null;
  return html`<${Sheet} open onClose=${onClose} from="side" title=${order.number} data-testid="order-sheet"
      head=${html`<${Button} href="/orders/${encodeURIComponent(order.number)}" size="small" icon="next">${t("orders.whole_page")}<//>`}
      footer=${may("planner") && ["closed", "cancelled"].includes(order.state) ? null : html`<${OrderActions} order=${order} onDone=${onDone} />`}>
    <${OrderState} order=${order} /><${OrderReason} order=${order} /><${OrderFacts} order=${order} /><${Operations} order=${order} />
  <//>`;
}

export default function Orders() {
  const styled = useStyle("orders");
  const { filter: chosen, q } = view.value;
  const filter = FILTERS.find((one) => one.value === chosen);
  const [typed, setTyped] = useState(q);
  const [least, setLeast] = useState(PAGE);
  const [selected, setSelected] = useState(new Set());
  const [opened, setOpened] = useState(null);
  const [creating, setCreating] = useState(false);
  const orders = useResource(() => read(filter, q, least), [chosen, q, least]);
  const counts = useResource(readCounts);
  const reload = () => {
    orders.load();
    counts.load();
  };
  useLiveCounts(["work_orders"], reload);
  useEveryMinute(reload);
  const look = (change) => {
    view.value = { ...view.value, ...change };
    setLeast(PAGE);
    setSelected(new Set());
    orders.set(undefined);
  };
  useEffect(() => {
    if (typed.trim() === q) return undefined;
    const timer = setTimeout(() => look({ q: typed.trim() }), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  useEffect(() => {
    // Arrow down, from the search or from nowhere, goes into the list.
    const down = (event) => {
      const free = event.target === document.body || event.target.type === "search";
      if (event.key !== "ArrowDown" || !free || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      document.querySelector(".orders-table tbody tr[tabindex='0']")?.focus();
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
  }, []);
  const items = orders.data?.items;
  const chosenOrders = items?.filter((order) => selected.has(order.id)) || [];
  const planner = may("planner");
  if (!styled) return null;
  const actions = planner && html`<${Button} href="/imports" icon="import">${t("orders.import")}<//><${Button} kind="primary" icon="plus" data-testid="order-new" onClick=${() => setCreating(true)}>${t("orders.new")}<//>`;
  const reset = () => {
    setTyped("");
    look({ filter: "open", q: "" });
  };
  return html`<${OfficeShell} active="orders" title=${t("orders.title")} actions=${actions}>
    <div class="filters orders-filters">
      ${chosenOrders.length ? html`<${BulkBar} orders=${chosenOrders} onSelect=${setSelected} onDone=${reload} />` : html`
        <${Search} value=${typed} onInput=${setTyped} placeholder=${t("orders.search")} />
        <${Pills} label=${t("orders.filter")} value=${chosen} onChange=${(value) => look({ filter: value })} options=${FILTERS.map((one) => ({ value: one.value, label: one.label(), count: counts.data?.[one.value] }))} />`}
    </div>
    ${orders.error && !items ? html`<div class="card"><${Problem} error=${orders.error} retry=${orders.load} /></div>` : html`
      <${Table} class="fill orders-table" label=${t("orders.title")} columns=${columns()} rows=${items} rowKey=${(order) => order.id} current=${opened}
        onOpen=${(order) => setOpened(order.id)} selected=${planner ? selected : undefined} onSelect=${planner ? setSelected : undefined}
        empty=${html`<${Nothing} q=${q} filter=${chosen} onReset=${reset} onNew=${() => setCreating(true)} />`}
        foot=${orders.data?.more && html`<${More} loading=${orders.loading} onMore=${() => setLeast(items.length + PAGE)} />`} />`}
    <${OrderSheet} order=${items?.find((order) => order.id === opened)} onClose=${() => setOpened(null)} onDone=${reload} />
    <${NewOrder} open=${creating} onClose=${() => setCreating(false)} onCreated=${(order) => {
      setCreating(false);
      toast(t("orders.created", { number: order.number }));
      reload();
    }} />
  <//>`;
}
