// What a planner can do with an order in its state.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";

const BY_STATE = {
  draft: ["cancel", "plan", "release"],
  planned: ["cancel", "release"],
  released: ["cancel", "hold"],
  in_progress: ["cancel", "hold"],
  on_hold: ["cancel", "resume"],
  completed: ["close"],
};
const LOOK = {
  plan: {},
  release: { kind: "primary", icon: "play" },
  resume: { kind: "primary", icon: "play" },
  close: { kind: "primary", icon: "check" },
  hold: { kind: "warn", icon: "hold" },
  cancel: { kind: "quiet", class: "aside tone-stop" },
};

/** Sends one command for an order. */
export const command = (order, name, reason, key) => post(`/orders/work-orders/${order.id}/${name}`, reason ? { reason } : {}, { key });

export function OrderActions({ order, onDone }) {
  const [asking, setAsking] = useState(null);
  const act = useAction((key, name, reason) => command(order, name, reason, key), {
    done: (changed, name) => {
      setAsking(null);
      toast(t(`order_done.${name}`, { number: order.number }));
      onDone?.(changed);
    },
    failed: (problem) => {
      setAsking(null);
      toastProblem(problem);
      onDone?.();
    },
  });
  const names = may("planner") ? BY_STATE[order.state] || [] : [];
  if (!names.length) return null;
  const touch = (name) => (["hold", "cancel"].includes(name) ? setAsking(name) : act.go(name));
  return html`<div class="order-buttons">
    ${names.map((name) => html`<${Button} key=${name} ...${LOOK[name]} busy=${act.busy && !asking && name !== "cancel"} disabled=${act.busy} data-testid="order-${name}" onClick=${() => touch(name)}>${t(`order_action.${name}`)}<//>`)}
    <${ReasonDialog} open=${asking !== null} onClose=${() => setAsking(null)} kind="hold" busy=${act.busy} tone=${asking === "cancel" ? "danger" : "primary"}
      title=${asking === "cancel" ? t("order.cancel_title", { number: order.number }) : t("order.hold_title", { number: order.number })}
      text=${asking === "cancel" ? t("order.cancel_text") : t("order.hold_text")}
      confirm=${asking === "cancel" ? t("order_action.cancel") : t("order_action.hold")} onConfirm=${(reason) => act.go(asking, reason)} />
  </div>`;
}
