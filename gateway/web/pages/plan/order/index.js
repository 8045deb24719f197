// /orders/<number>: one order, its operations, its change requests, and everything that happened to it.
import { html, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { orderTerms } from "/js/lib/terms.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Empty, Notice, Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Tabs } from "/js/components/tabs.js";
import { OrderActions } from "/pages/plan/order/actions.js";
import { Changes } from "/pages/plan/order/changes.js";
import { Operations, OrderFacts, OrderReason, OrderState } from "/pages/plan/order/details.js";
import { Family } from "/pages/plan/order/family.js";
import { useFloor } from "/pages/plan/order/floor.js";
import { Outside } from "/pages/plan/order/outside.js";
import { Reconciliation } from "/pages/plan/order/reconciliation.js";
import { Results } from "/pages/plan/order/results.js";
import { useStopped } from "/pages/plan/order/stopped.js";
import { TakeUp } from "/pages/plan/order/take-up.js";
import { Timeline } from "/pages/plan/order/timeline.js";

const PAGE = 50;
const Title = ({ order, number }) =>
  html`<span class="order-title">
    <span>${number}${order && html`<small>${order.item} ${local(order.item_name)}</small>`}</span>
  </span>`;
const UNRELEASED = ["draft", "planned"];

async function readHistory(order, least) {
  const items = [];
  let cursor;
  do {
    const page = await get(`/orders/work-orders/${order.id}/history`, { limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < least);
  return { items, more: Boolean(cursor) };
}

/** Shows what was read, its skeleton, or why it could not be read. */
function Shown({ of, children }) {
  if (of.data) return children(of.data);
  return html`<div class="card card-body">
    ${of.error ? html`<${Problem} error=${of.error} retry=${of.load} />` : html`<${Skeleton} rows="6" height="36" />`}
  </div>`;
}

function Tabbed({ order, pulse, changes, person, onDone }) {
  const [tab, setTab] = useState("history");
  const [least, setLeast] = useState(PAGE);
  const history = useResource(() => readHistory(order, least), [order.id, pulse, least]);
  const balance = useResource(
    async () => (tab === "quantities" ? get(`/orders/work-orders/${order.id}/reconciliation`) : undefined),
    [order.id, pulse, tab],
  );
  const options = [
    { value: "history", label: t("history.title") },
    ...(UNRELEASED.includes(order.state)
      ? []
      : [
          { value: "reports", label: t("results.title") },
          { value: "changes", label: t("change.list"), count: order.changes_open },
          { value: "quantities", label: t("reconcile.title") },
        ]),
  ];
  const at = options.some((one) => one.value === tab) ? tab : "history";
  return html`
    <${Tabs} label=${t("order.views")} value=${at} onChange=${setTab} options=${options} />
    ${
      at === "history" &&
      html`<${Shown} of=${history}>
        ${(data) =>
          html`<${Timeline}
            history=${data}
            person=${person}
            loading=${history.loading}
            onMore=${() => setLeast(data.items.length + PAGE)}
          />`}
      <//>`
    }
    ${at === "reports" && html`<${Results} order=${order} pulse=${pulse} person=${person} onDone=${onDone} />`}
    ${
      at === "changes" &&
      html`<${Shown} of=${changes}>
        ${(data) => html`<${Changes} changes=${data} person=${person} onDone=${onDone} />`}
      <//>`
    }
    ${
      at === "quantities" &&
      html`<${Shown} of=${balance}>
        ${(data) => html`<${Reconciliation} order=${order} balance=${data} person=${person} />`}
      <//>`
    }
  `;
}

function OpenChange({ changes, person, onDone }) {
  const open = (changes.data ?? []).filter((change) => change.state === "proposed");
  if (!open.length) return null;
  return html`<section class="stack open-change">
    <${Notice} tone="setup" icon="change" title=${t("change.waiting", { n: open.length })}>
      ${t("change.waiting_text")}
    <//>
    <${Changes} changes=${open} person=${person} onDone=${onDone} />
  </section>`;
}

function Whole({ order, pulse, reload }) {
  const changes = useResource(
    async () => (UNRELEASED.includes(order.state) ? [] : (await get(`/orders/work-orders/${order.id}/changes`)).items),
    [order.id, order.version, pulse],
  );
  const person = usePeople();
  const floor = useFloor(order, pulse).data;
  const below = (operation) => {
    const job = floor?.jobs.get(operation.op);
    return html`
      ${
        job &&
        html`<${Outside}
          order=${order}
          operation=${operation}
          job=${job}
          sendings=${floor.sendings.get(operation.op)}
          person=${person}
          onDone=${reload}
        />`
      }
      <${TakeUp} order=${order} operation=${operation} job=${floor?.ids.get(operation.op)} onDone=${reload} />
    `;
  };
  return html`<div class="order-grid">
    <div class="stack">
      <${OpenChange} changes=${changes} person=${person} onDone=${reload} />
      <${Card} class="operations-card"><${Operations} order=${order} places=${floor?.places} below=${below} /><//>
      <${Tabbed} order=${order} pulse=${pulse} changes=${changes} person=${person} onDone=${reload} />
    </div>
    <div class="stack order-side">
      <${Card}><${OrderState} order=${order} /><${OrderReason} order=${order} /><${OrderFacts} order=${order} /><//>
      <${Family} order=${order} pulse=${pulse} onDone=${reload} />
    </div>
  </div>`;
}

export default function Order({ params }) {
  const order = useResource(() => get(`/orders/work-orders/${encodeURIComponent(params.number)}`), [params.number], {
    auto: false,
  });
  const [pulse, setPulse] = useState(0);
  const reload = () => {
    order.load();
    setPulse((now) => now + 1);
  };
  useLiveCounts(["work_orders"], reload);
  useStopped();
  useEveryMinute(order.load);
  const { data, error } = order;
  return html`<${OfficeShell}
    title=${html`<${Title} order=${data} number=${params.number} />`}
    actions=${data && html`<${OrderActions} order=${data} onDone=${reload} />`}
    terms=${orderTerms()}
  >
    <a class="back-link" href="/orders">${icon("back")}${t("order.all")}</a>
    ${
      !data &&
      error &&
      (error.status === 404
        ? html`<div class="card">
            <${Empty} icon="search" title=${t("order.unknown", { number: params.number })}>
              <${Button} kind="primary" href="/orders">${t("order.all")}<//>
            <//>
          </div>`
        : html`<div class="card"><${Problem} error=${error} retry=${order.load} /></div>`)
    }
    ${
      !data &&
      !error &&
      html`<div class="order-grid">
        <div class="card card-body"><${Skeleton} rows="4" height="48" /></div>
        <div class="card card-body"><${Skeleton} rows="8" height="20" /></div>
      </div>`
    }
    ${data && html`<${Whole} order=${data} pulse=${pulse} reload=${reload} />`}
  <//>`;
}
