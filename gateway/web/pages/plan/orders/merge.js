// Several orders of one item become one, as long as none is released.
import { html } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Dialog } from "/js/components/sheet.js";
import { toast } from "/js/components/toast.js";

/** True when these may become one order. */
export const canMerge = (orders) =>
  orders.length > 1 &&
  orders.every((order) => ["draft", "planned"].includes(order.state) && order.item === orders[0].item);

export function MergeDialog({ open, orders, onClose, onDone }) {
  const merge = useAction(
    (key) => post("/orders/work-orders/merge", { work_orders: orders.map((order) => order.id) }, { key }),
    {
      done: (merged) => {
        toast(t("merge.done", { number: merged.number, n: orders.length }));
        onDone(merged);
      },
      failed: () => {},
    },
  );
  const due = orders.map((order) => order.due_at).sort()[0];
  const sum = orders.reduce((total, order) => total + Number(order.quantity), 0);
  return html`<${Dialog}
    open=${open}
    onClose=${onClose}
    title=${t("merge.title", { n: orders.length })}
    data-testid="merge"
    actions=${html`
      <${Button} onClick=${onClose}>${t("action.back")}<//>
      <${Button} kind="primary" icon="merge" busy=${merge.busy} data-testid="merge-confirm" onClick=${() => merge.go()}>
        ${t("order_action.merge")}
      <//>
    `}
  >
    ${merge.problem && html`<${Notice} tone="stop" title=${problemText(merge.problem)} />`}
    <p class="muted">${t("merge.text")}</p>
    <dl class="facts">
      <dt>${t("field.item")}</dt>
      <dd>${orders[0].item} <span class="muted">${local(orders[0].item_name)}</span></dd>
      <dt>${t("field.quantity")}</dt>
      <dd>${orders.map((order) => number(order.quantity)).join(" + ")} = ${number(sum)} ${orders[0].unit}</dd>
      <dt>${t("merge.earliest")}</dt>
      <dd>${moment(due)}</dd>
    </dl>
  <//>`;
}
