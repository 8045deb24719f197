// /orders: every open order with how far it is, and what a planner does with it. Open orders are all in the browser;
// those that are over are asked for.
import { html, signal, useEffect, useMemo, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { number } from "/js/lib/format.js";
import { language, t } from "/js/lib/i18n.js";
import { PHONE, useMedia } from "/js/lib/media.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { readStandings, standings } from "/js/lib/standing.js";
import { meaning, orderTerms } from "/js/lib/terms.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { LongTable } from "/js/components/long-table.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { toast } from "/js/components/toast.js";
import { stopped, useStopped } from "/pages/plan/order/stopped.js";
import { book, readBook, readOrders, useBook } from "/pages/plan/orders/book.js";
import { BulkBar } from "/pages/plan/orders/bulk.js";
import { columns } from "/pages/plan/orders/columns.js";
import { Facets } from "/pages/plan/orders/facets.js";
import { NewOrder } from "/pages/plan/orders/new-order.js";
import { OrderSheet } from "/pages/plan/orders/order-sheet.js";
import { DONE, More, usePast } from "/pages/plan/orders/past.js";
import { asTree, countAll, facet, filtered, matching, sorted } from "/pages/plan/orders/view.js";

const ROW = 63;
const CARD = 132; // a row on a phone
const FILTERS = ["open", "unreleased", "released", "in_progress", "on_hold", "late", "at_risk", "changes", "done"];
const TERMS = ["late", "at_risk"];
const view = makeView({ filter: FILTERS, q: "", item: "", customer: "", sort: "" });
/** The orders whose children are not drawn. */
const folds = signal(new Set());
const sortOf = ({ sort }) => (sort ? { key: sort.replace("-", ""), down: sort.startsWith("-") } : null);

const fold = (line, shut) => {
  if (!line.children || line.folded === shut) return;
  const folded = new Set(folds.value);
  if (shut) folded.add(line.order.id);
  else folded.delete(line.order.id);
  folds.value = folded;
};
const turn = (key) => {
  const sort = sortOf(view.read());
  view.change({ sort: sort?.key !== key ? key : sort.down ? "" : `-${key}` });
};
const idOf = (line) => line.order.id;
const levelOf = (line) => line.level;

function Nothing({ narrowed, onReset, onNew }) {
  if (narrowed)
    return html`<${Empty} icon="search" title=${t("orders.none_found")} text=${t("orders.none_found_text")}>
      <${Button} onClick=${onReset}>${t("orders.show_open")}<//>
    <//>`;
  return html`<${Empty} icon="order" title=${t("orders.none")} text=${t("orders.none_text")}>
    ${
      may("planner") &&
      html`<div class="row">
        <${Button} href="/imports" icon="import">${t("orders.import")}<//>
        <${Button} kind="primary" icon="plus" onClick=${onNew}>${t("orders.new")}<//>
      </div>`
    }
  <//>`;
}

/** What is in the list: the lines, how many of each filter, and the values to narrow it by. */
function useLines(past) {
  const { filter, q, item, customer, sort: by } = view.read();
  const folded = folds.value;
  const { orders } = book.value;
  const known = standings.value;
  const found = useMemo(() => matching(orders, { q, item, customer }), [orders, q, item, customer]);
  const counts = useMemo(() => countAll(found), [found, known]);
  const shown = useMemo(
    () => (filter === "done" ? (past.data?.items ?? []) : sorted(filtered(found, filter), sortOf({ sort: by }))),
    [found, filter, known, by, past.data],
  );
  const lines = useMemo(() => asTree(shown, folded), [shown, folded]);
  const items = useMemo(() => facet(matching(orders, { q, customer }), "item"), [orders, q, customer]);
  const customers = useMemo(() => facet(matching(orders, { q, item }), "customer"), [orders, q, item]);
  return { lines, shown, counts, items, customers };
}

function Progress({ loaded, of }) {
  return html`<span class="orders-loading muted" role="status">
    ${t("orders.loading", { loaded: number(loaded), of: number(of) })}
  </span>`;
}

export default function Orders() {
  const phone = useMedia(PHONE);
  const shownView = view.use();
  const { filter, q, item, customer } = shownView;
  const sort = sortOf(shownView);
  const [selected, setSelected] = useState(new Set());
  const [opened, setOpened] = useState(null);
  const [creating, setCreating] = useState(false);
  const totals = useResource(() => get("/orders/work-orders/counts"));
  const past = usePast(filter === "done", { q, item, customer });
  const refresh = () => {
    totals.load();
    readStandings().catch(() => {}); // within a minute, or after the next change
    if (view.read().filter === "done") past.load();
  };
  useBook(refresh);
  useStopped();
  useEveryMinute(() => readStandings().catch(() => {}));
  const { complete, error, orders } = book.value;
  const { lines, shown, counts, items, customers } = useLines(past);
  const drawn = useMemo(() => columns(fold), [standings.value, stopped.value, language.value]);
  useEffect(() => {
    // Arrow down, from the search or from nowhere, goes into the list.
    const down = (event) => {
      const free = event.target === document.body || event.target.type === "search";
      if (event.key !== "ArrowDown" || !free || document.querySelector("dialog[open], :popover-open:not(.toasts)"))
        return;
      event.preventDefault();
      const table = document.querySelector(".orders-table table");
      table?.focus({ preventScroll: true });
      table?.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown" }));
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
  }, []);

  const planner = may("planner");
  const look = (part) => {
    view.change(part);
    setSelected(new Set());
  };
  const ticked = selected.size ? shown.filter((order) => selected.has(order.id)) : [];
  const open = opened && (orders.find((order) => order.id === opened) ?? shown.find((order) => order.id === opened));
  const isPast = filter === "done";
  const known = totals.data ?? {};
  const sum = (states) => states.reduce((total, state) => total + (known[state] ?? 0), 0);
  const everything = sum(["draft", "planned", "released", "in_progress", "on_hold"]);
  const narrowed = Boolean(q || item || customer) || filter !== "open";
  const count = (name) =>
    name === "done" ? totals.data && number(sum(DONE)) : complete || orders.length ? number(counts[name]) : undefined;
  const waiting = isPast ? !past.data && !past.error : !orders.length && !complete && !error;
  const failed = isPast ? !past.data && past.error : !orders.length && error;
  const done = (ids) => {
    readOrders(ids);
    refresh();
  };
  const reset = () => look({ filter: "open", q: "", item: "", customer: "" });
  const actions =
    planner &&
    html`
      <${Button} href="/imports" icon="import">${t("orders.import")}<//>
      <${Button} kind="primary" icon="plus" data-testid="order-new" onClick=${() => setCreating(true)}>
        ${t("orders.new")}
      <//>
    `;
  return html`<${OfficeShell} title=${t("orders.title")} actions=${actions} terms=${orderTerms()}>
    <div class="filters orders-filters">
      <${Search} value=${q} onInput=${(value) => look({ q: value })} placeholder=${t("orders.search")} />
      <${Facets} items=${items} customers=${customers} item=${item} customer=${customer} onChange=${look} />
      ${
        !complete &&
        orders.length > 0 &&
        !isPast &&
        html`<${Progress} loaded=${orders.length} of=${Math.max(everything, orders.length)} />`
      }
      ${
        ticked.length
          ? html`<${BulkBar} orders=${ticked} onSelect=${setSelected} onDone=${done} />`
          : html`<${Pills}
              label=${t("orders.filter")}
              value=${filter}
              onChange=${(value) => look({ filter: value })}
              options=${FILTERS.filter((name) => name !== "changes" || counts.changes || filter === name).map(
                (name) => ({
                  value: name,
                  label: t(`orders_filter.${name}`),
                  title: TERMS.includes(name) ? meaning(name) : undefined,
                  count: count(name),
                  tone: Number(counts[name]) > 0 ? { late: "stop", at_risk: "warn", changes: "warn" }[name] : undefined,
                }),
              )}
            />`
      }
    </div>
    ${waiting && html`<div class="card card-body fill"><${Skeleton} rows="8" height="40" gap="20" /></div>`}
    ${failed && html`<div class="card"><${Problem} error=${failed} retry=${isPast ? past.load : readBook} /></div>`}
    ${
      !waiting &&
      !failed &&
      !lines.length &&
      (complete || isPast) &&
      html`<div class="card">
        <${Nothing} narrowed=${narrowed} onReset=${reset} onNew=${() => setCreating(true)} />
      </div>`
    }
    ${
      lines.length > 0 &&
      html`<${LongTable}
        class="fill orders-table"
        label=${t("orders.title")}
        columns=${drawn}
        rows=${lines}
        rowKey=${idOf}
        height=${phone ? CARD : ROW}
        current=${opened}
        sort=${isPast ? null : sort}
        onSort=${isPast ? () => {} : turn}
        onFold=${fold}
        levelOf=${levelOf}
        onOpen=${(line) => setOpened(line.order.id)}
        selected=${selected}
        onSelect=${setSelected}
        data-orders=${lines.length}
        data-complete=${isPast || complete}
        foot=${isPast && past.data?.more && html`<${More} loading=${past.loading} onMore=${past.more} />`}
      />`
    }
    ${open && html`<${OrderSheet} order=${open} onClose=${() => setOpened(null)} onDone=${() => done([open.id])} />`}
    <${NewOrder}
      open=${creating}
      onClose=${() => setCreating(false)}
      onCreated=${(made) => {
        setCreating(false);
        toast(
          made.length > 1
            ? t("orders.created_all", { number: made[0].number, n: made.length - 1 })
            : t("orders.created", { number: made[0].number }),
        );
        done(made.map((order) => order.id));
      }}
    />
  <//>`;
}
