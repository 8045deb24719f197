// /orders/<number>: one order, its operations, and everything that was reported for it.
import { html, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { useStyle } from "/js/lib/style.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/components/shell.js";
import { OrderActions } from "/js/screens/order/actions.js";
import { Operations, OrderFacts, OrderReason, OrderState } from "/js/screens/order/details.js";
import { Results } from "/js/screens/order/results.js";

const Title = ({ order, number }) => html`<span class="order-title"><span>${number}${order && html`<small>${order.item} ${local(order.item_name)}</small>`}</span></span>`;

export default function Order({ params }) {
  const styled = useStyle("orders");
  const order = useResource(() => get(`/orders/work-orders/${encodeURIComponent(params.number)}`), [params.number], { auto: false });
  const [pulse, setPulse] = useState(0);
  const reload = () => {
    order.load();
    setPulse((now) => now + 1);
  };
  useLiveCounts(["work_orders"], reload);
  useEveryMinute(order.load);
  if (!styled) return null;
  const { data, error } = order;
  return html`<${OfficeShell} active="orders" title=${html`<${Title} order=${data} number=${params.number} />`} actions=${data && html`<${OrderActions} order=${data} onDone=${order.load} />`}>
    <a class="back-link" href="/orders">${icon("back")}${t("order.all")}</a>
    ${!data && error && (error.status === 404
      ? html`<div class="card"><${Empty} icon="search" title=${t("order.unknown", { number: params.number })}><${Button} kind="primary" href="/orders">${t("order.all")}<//><//></div>`
      : html`<div class="card"><${Problem} error=${error} retry=${order.load} /></div>`)}
    ${!data && !error && html`<div class="order-grid"><div class="card card-body"><${Skeleton} rows="4" height="48" /></div><div class="card card-body"><${Skeleton} rows="8" height="20" /></div></div>`}
    ${data && html`<div class="order-grid">
      <${Card} class="operations-card"><${Operations} order=${data} /><//>
      <${Card}><${OrderState} order=${data} /><${OrderReason} order=${data} /><${OrderFacts} order=${data} /><//>
    </div><${Results} order=${data} pulse=${pulse} />`}
  <//>`;
}
