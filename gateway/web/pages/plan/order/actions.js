// What can be done with an order in its state: a few buttons, and the rest in a menu.
import { html, useState } from "/js/lib/html.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Menu } from "/js/components/popover.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { ChangeSheet } from "/pages/plan/order/change.js";
import { CloseSheet } from "/pages/plan/order/close.js";
import { command } from "/pages/plan/order/command.js";
import { EditSheet } from "/pages/plan/order/edit.js";
import { SplitSheet } from "/pages/plan/order/split.js";
import { travellers } from "/pages/plan/order/travellers.js";

const BY_STATE = {
  draft: { buttons: ["plan", "release"], menu: ["edit", "split", "print", "cancel"] },
  planned: { buttons: ["edit", "release"], menu: ["split", "print", "cancel"] },
  released: { buttons: ["hold", "change"], menu: ["split", "print", "cancel"] },
  in_progress: { buttons: ["hold", "change"], menu: ["split", "print", "cancel"] },
  on_hold: { buttons: ["change", "resume"], menu: ["split", "print", "cancel"] },
  completed: { buttons: ["print", "close"], menu: [] },
  closed: { buttons: ["print"], menu: [] },
  cancelled: { buttons: ["print"], menu: [] },
};
const LOOK = {
  plan: {},
  edit: { icon: "edit" },
  change: { icon: "change" },
  split: { icon: "split" },
  print: { icon: "print" },
  release: { kind: "primary", icon: "play" },
  resume: { kind: "primary", icon: "play" },
  close: { kind: "primary", icon: "lock" },
  hold: { kind: "warn", icon: "hold" },
  cancel: { icon: "close", tone: "stop" },
};
const ASKED = ["hold", "cancel"];
const SHEETS = { edit: EditSheet, change: ChangeSheet, split: SplitSheet, close: CloseSheet };

/** `onDone()` after anything that changed, or may have changed, the order. */
export function OrderActions({ order, onDone }) {
  const [asking, setAsking] = useState(null);
  const close = () => setAsking(null);
  const done = (words) => {
    close();
    if (words) toast(words);
    onDone?.();
  };
  const act = useAction((key, name, reason) => command(order, name, reason, key), {
    done: (_, name) => done(t(`order_done.${name}`, { number: order.number })),
    failed: (problem) => {
      toastProblem(problem);
      done();
    },
  });
  const planner = may("planner");
  const { buttons, menu } = BY_STATE[order.state];
  const allowed = (names) => names.filter((name) => planner || name === "print");
  const touch = (name) => (ASKED.includes(name) || SHEETS[name] ? setAsking(name) : act.go(name));
  const link = (name) => (name === "print" ? travellers([order]) : undefined);
  const button = (name) => html`<${Button}
    key=${name}
    kind=${LOOK[name].kind}
    icon=${LOOK[name].icon}
    href=${link(name)}
    busy=${act.busy && !asking && LOOK[name].kind === "primary"}
    disabled=${act.busy}
    data-testid="order-${name}"
    onClick=${link(name) ? undefined : () => touch(name)}
  >
    ${t(`order_action.${name}`)}
  <//>`;
  const item = (name) => ({
    key: name,
    icon: LOOK[name].icon,
    tone: LOOK[name].tone,
    href: link(name),
    testid: `order-${name}`,
    text: t(`order_action.${name}`),
    run: () => touch(name),
  });
  const Asked = SHEETS[asking];
  return html`<div class="order-buttons">
    <${Menu} label=${t("nav.more")} data-testid="order-more" items=${allowed(menu).map(item)} />
    ${allowed(buttons).map(button)}
    ${Asked && html`<${Asked} order=${order} onClose=${close} onDone=${done} />`}
    <${ReasonDialog}
      open=${ASKED.includes(asking)}
      onClose=${close}
      kind="hold"
      busy=${act.busy}
      tone=${asking === "cancel" ? "danger" : "primary"}
      title=${
        asking === "cancel"
          ? t("order.cancel_title", { number: order.number })
          : t("order.hold_title", { number: order.number })
      }
      text=${asking === "cancel" ? t("order.cancel_text") : t("order.hold_text")}
      confirm=${asking === "cancel" ? t("order_action.cancel") : t("order_action.hold")}
      onConfirm=${(reason) => act.go(asking, reason)}
    />
  </div>`;
}
