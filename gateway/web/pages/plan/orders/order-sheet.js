// A look at one order without leaving the list.
import { html } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Sheet } from "/js/components/sheet.js";
import { OrderActions } from "/pages/plan/order/actions.js";
import { Operations, OrderFacts, OrderReason, OrderState } from "/pages/plan/order/details.js";
import { Family } from "/pages/plan/order/family.js";

export function OrderSheet({ order, onClose, onDone }) {
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${order.number}
    data-testid="order-sheet"
    head=${html`<${Button} href="/orders/${encodeURIComponent(order.number)}" size="small" icon="next">
      ${t("orders.whole_page")}
    <//>`}
    footer=${html`<${OrderActions} order=${order} onDone=${onDone} />`}
  >
    <${OrderState} order=${order} />
    <${OrderReason} order=${order} />
    <${OrderFacts} order=${order} />
    <${Operations} order=${order} />
    <${Family} order=${order} />
  <//>`;
}
