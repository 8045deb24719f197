// What some orders take together: the sum of their material, and orders for the parts that nobody makes for them yet,
// as of those that the ERP has sent.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { untilAnswered } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { Materials, Planned } from "/pages/plan/order/planned.js";

/** Orders that have not been begun: parts can still be made for them. */
const BEFORE_WORK = ["draft", "planned", "released"];
const MOST = 200;
/** True when there is something to ask for. */
export const hasParts = (orders) =>
  orders.length > 0 &&
  orders.length <= MOST &&
  orders.every((order) => [...BEFORE_WORK, "in_progress", "on_hold"].includes(order.state));

/** The lines of a plan, each below what it is made for. Pure. */
export function asLines(orders, parent) {
  return orders.filter((one) => one.parent === parent).flatMap((one) => [one, ...asLines(orders, one.key)]);
}

/** `onDone(ids)` with all orders that have changed or come into being. */
export function PartsSheet({ orders, onClose, onDone }) {
  const ids = orders.map((order) => order.id);
  const [running, setRunning] = useState(0);
  const plan = useResource(() => post("/orders/demand/parts/preview", { work_order_ids: ids }), [ids.join()]);
  const planned = plan.data?.orders ?? [];
  const needing = orders
    .filter((order) => planned.some((one) => one.parent === order.id))
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
  const fresh = planned.filter((one) => !one.exists).length;
  const word = fresh ? t("parts.make", { n: number(fresh) }) : t("parts.assign");
  const make = async () => {
    const made = [];
    for (const [index, order] of needing.entries()) {
      setRunning(index + 1);
      await untilAnswered((key) => post(`/orders/demand/orders/${order.id}/parts`, {}, { key })).then(
        (answer) => made.push(...answer.orders.map((one) => one.id)),
        toastProblem,
      );
    }
    setRunning(0);
    if (made.length) toast(t("parts.made", { n: number(made.length) }));
    onDone([...ids, ...made]);
  };
  return html`<${Sheet}
    open
    from="side"
    class="wide"
    onClose=${onClose}
    title=${t("parts.title")}
    data-testid="parts-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.close")}<//>
      ${
        needing.length > 0 &&
        html`<${Button} kind="primary" icon="tree" busy=${running > 0} data-testid="parts-make" onClick=${make}>
          ${running ? `${running}/${needing.length}` : word}
        <//>`
      }
    `}
  >
<div class="stack">
    <p class="muted">${t("parts.text", { n: number(orders.length) })}</p>
    ${plan.error && !plan.data && html`<${Problem} error=${plan.error} retry=${plan.load} />`}
    ${!plan.data && !plan.error && html`<${Skeleton} rows="4" height="44" />`}
    ${
      plan.data &&
      html`<section class="plan" data-testid="parts-plan">
        <h3>${t("plan.orders")}</h3>
        ${!needing.length && html`<p class="muted">${t("parts.none")}</p>`}
        <ul class="plan-orders">
          ${needing.flatMap((order) => [
            html`<li class="plan-for" key=${order.id} style=${{ "--level": 0 }}>
              ${icon("flag")}
              <span class="grow"><b>${order.number}</b> <span class="muted">${order.item}</span></span>
              <span class="end">${number(order.quantity)} ${order.unit}</span>
            </li>`,
            ...asLines(planned, order.id).map(
              (one) => html`<${Planned} key=${`${order.id}-${one.key}`} order=${one} />`,
            ),
          ])}
        </ul>
        <h3>${t("plan.materials")}</h3>
        ${
          plan.data.materials.length
            ? html`<${Materials} materials=${plan.data.materials} />`
            : html`<p class="muted">${t("parts.no_materials")}</p>`
        }
      </section>`
    }
</div>
  <//>`;
}
