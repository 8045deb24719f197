// Plan or release all that is ticked: each order has its own answer, and what failed stays ticked.
import { html, useState } from "/js/lib/html.js";
import { untilAnswered } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { problemText } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";
import { command } from "/js/screens/order/actions.js";

const FITS = { plan: ["draft"], release: ["draft", "planned"] };

export function BulkBar({ orders, onSelect, onDone }) {
  const [running, setRunning] = useState(null);
  const fitting = (name) => orders.filter((order) => FITS[name].includes(order.state));
  const run = async (name) => {
    const chosen = fitting(name);
    const failed = [];
    for (const [index, order] of chosen.entries()) {
      setRunning({ name, done: index, of: chosen.length });
      await untilAnswered((key) => command(order, name, null, key)).catch((problem) => failed.push({ order, problem }));
    }
    setRunning(null);
    onSelect(new Set(failed.map(({ order }) => order.id)));
    const done = chosen.length - failed.length;
    if (done) toast(t(`orders_done.${name}`, { n: done }));
    if (failed.length) toast(t("orders.some_failed", { n: failed.length, number: failed[0].order.number, why: problemText(failed[0].problem) }), { tone: "stop", ms: 9000 });
    onDone();
  };
  const button = (name, kind) => {
    const count = fitting(name).length;
    const mine = running?.name === name;
    return html`<${Button} kind=${kind} size="small" busy=${mine} disabled=${!count || Boolean(running)} data-testid="bulk-${name}" onClick=${() => run(name)}>
      ${t(`order_action.${name}`)} ${mine ? `${running.done + 1}/${running.of}` : count}<//>`;
  };
  return html`<div class="orders-bulk" role="region" aria-label=${t("orders.selected", { n: orders.length })}>
    <span>${t("orders.selected", { n: orders.length })}</span><span class="grow"></span>
    <${Button} kind="quiet" size="small" disabled=${Boolean(running)} onClick=${() => onSelect(new Set())}>${t("orders.unselect")}<//>
    ${button("plan", "")}${button("release", "primary")}
  </div>`;
}
