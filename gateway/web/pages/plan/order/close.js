// Closing an order: first where its pieces are, operation by operation; that is kept as it was.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";
import { command } from "/pages/plan/order/command.js";
import { Reconciliation } from "/pages/plan/order/reconciliation.js";

export function CloseSheet({ order, onClose, onDone }) {
  const balance = useResource(() => get(`/orders/work-orders/${order.id}/reconciliation`), [order.id, order.version]);
  const close = useAction((key) => command(order, "close", null, key), {
    done: () => onDone(t("order_done.close", { number: order.number })),
    failed: () => {},
  });
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    class="wide"
    title=${t("close.title", { number: order.number })}
    data-testid="close-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.back")}<//>
      <${Button}
        kind="primary"
        icon="lock"
        busy=${close.busy}
        disabled=${!balance.data}
        data-testid="close-confirm"
        onClick=${() => close.go()}
      >
        ${t("order_action.close")}
      <//>
    `}
  >
    <div class="stack">
      <${FormNews} action=${close} />
      <p class="muted">${t("close.text")}</p>
      ${
        balance.data
          ? html`<${Reconciliation} order=${order} balance=${balance.data} />`
          : balance.error
            ? html`<${Problem} error=${balance.error} retry=${balance.load} />`
            : html`<${Skeleton} rows="6" height="32" />`
      }
    </div>
  <//>`;
}
