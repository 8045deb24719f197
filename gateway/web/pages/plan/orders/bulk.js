// What is done with all ticked orders at once: each has its own answer, and what failed stays ticked.
import { html, useState } from "/js/lib/html.js";
import { untilAnswered } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { meaning } from "/js/lib/terms.js";
import { Button } from "/js/components/button.js";
import { problemText } from "/js/components/feedback.js";
import { Menu } from "/js/components/popover.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast } from "/js/components/toast.js";
import { command } from "/pages/plan/order/command.js";
import { PartsSheet, hasParts } from "/pages/plan/order/parts.js";
import { travellers } from "/pages/plan/order/travellers.js";
import { MergeDialog, canMerge } from "/pages/plan/orders/merge.js";

const FITS = {
  plan: ["draft"],
  release: ["draft", "planned"],
  hold: ["released", "in_progress"],
  resume: ["on_hold"],
  cancel: ["draft", "planned", "released", "in_progress", "on_hold"],
};
const ASKED = ["hold", "cancel"];

export function BulkBar({ orders, onSelect, onDone }) {
  const [running, setRunning] = useState(null);
  const [asking, setAsking] = useState(null);
  const fitting = (name) => orders.filter((order) => FITS[name].includes(order.state));
  const run = async (name, reason) => {
    const chosen = fitting(name);
    const failed = [];
    setAsking(null);
    for (const [index, order] of chosen.entries()) {
      setRunning({ name, done: index, of: chosen.length });
      await untilAnswered((key) => command(order, name, reason, key)).catch((problem) =>
        failed.push({ order, problem }),
      );
    }
    setRunning(null);
    onSelect(new Set(failed.map(({ order }) => order.id)));
    const done = chosen.length - failed.length;
    if (done) toast(t(`orders_done.${name}`, { n: number(done) }));
    if (failed.length)
      toast(
        t("orders.some_failed", {
          n: failed.length,
          number: failed[0].order.number,
          why: problemText(failed[0].problem),
        }),
        { tone: "stop", ms: 9000 },
      );
    onDone(chosen.map((order) => order.id));
  };
  const start = (name) => (ASKED.includes(name) ? setAsking(name) : run(name));
  const button = (name, kind) => {
    const count = fitting(name).length;
    const mine = running?.name === name;
    return html`<${Button}
      kind=${kind}
      size="small"
      busy=${mine}
      disabled=${!count || Boolean(running)}
      title=${meaning(name)}
      data-testid="bulk-${name}"
      onClick=${() => start(name)}
    >
      ${t(`order_action.${name}`)} <span class="nowrap">
        ${mine ? `${running.done + 1}/${running.of}` : number(count)}
      </span>
    <//>`;
  };
  const further = (name, icon, tone) =>
    fitting(name).length > 0 && {
      key: name,
      icon,
      tone,
      testid: `bulk-${name}`,
      text: `${t(`order_action.${name}`)} ${number(fitting(name).length)}`,
      run: () => start(name),
    };
  const quantity = orders.reduce((total, order) => total + Number(order.quantity), 0);
  const sum =
    orders.every((order) => order.item === orders[0].item) &&
    `${local(orders[0].item_name)} ${number(quantity)} ${orders[0].unit}`;
  return html`<div class="orders-bulk" role="region" aria-label=${t("orders.selected", { n: number(orders.length) })}>
    <span>${t("orders.selected", { n: number(orders.length) })}</span>
    ${sum && html`<span class="orders-sum ellipsis">${sum}</span>`}
    <span class="grow"></span>
    <${Button} kind="quiet" size="small" disabled=${Boolean(running)} onClick=${() => onSelect(new Set())}>
      ${t("orders.unselect")}
    <//>
    <${Button} size="small" icon="print" href=${travellers(orders)} data-testid="bulk-print">
      ${t("order_action.print")}
    <//>
    ${
      may("planner") &&
      html`
        ${button("plan", "")}
        ${button("release", "primary")}
        <${Menu}
          label=${t("nav.more")}
          data-testid="bulk-more"
          items=${[
            hasParts(orders) && {
              key: "parts",
              icon: "tree",
              testid: "bulk-parts",
              text: t("order_action.parts"),
              run: () => setAsking("parts"),
            },
            canMerge(orders) && {
              key: "merge",
              icon: "merge",
              testid: "bulk-merge",
              text: t("order_action.merge"),
              run: () => setAsking("merge"),
            },
            further("hold", "hold"),
            further("resume", "play"),
            further("cancel", "close", "stop"),
          ]}
        />
      `
    }
    ${
      asking === "parts" &&
      html`<${PartsSheet}
        orders=${orders}
        onClose=${() => setAsking(null)}
        onDone=${(ids) => {
          setAsking(null);
          onDone(ids);
        }}
      />`
    }
    <${MergeDialog}
      open=${asking === "merge"}
      orders=${orders}
      onClose=${() => setAsking(null)}
      onDone=${(merged) => {
        setAsking(null);
        onSelect(new Set());
        onDone([...orders.map((order) => order.id), merged.id]);
      }}
    />
    <${ReasonDialog}
      open=${ASKED.includes(asking)}
      onClose=${() => setAsking(null)}
      kind="hold"
      tone=${asking === "cancel" ? "danger" : "primary"}
      title=${
        asking === "cancel"
          ? t("orders.cancel_title", { n: number(fitting("cancel").length) })
          : t("orders.hold_title", { n: number(fitting("hold").length) })
      }
      text=${asking === "cancel" ? t("order.cancel_text") : t("order.hold_text")}
      confirm=${asking === "cancel" ? t("order_action.cancel") : t("order_action.hold")}
      onConfirm=${(reason) => run(asking, reason)}
    />
  </div>`;
}
