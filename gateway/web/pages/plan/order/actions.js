// What can be done with an order in its state: a few buttons, and the rest in a menu.
import { html, useState } from "/js/lib/html.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { meaning } from "/js/lib/terms.js";
import { Button } from "/js/components/button.js";
import { Menu } from "/js/components/popover.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { ChangeSheet } from "/pages/plan/order/change.js";
import { CloseSheet } from "/pages/plan/order/close.js";
import { command } from "/pages/plan/order/command.js";
import { EditSheet } from "/pages/plan/order/edit.js";
import { PartsSheet } from "/pages/plan/order/parts.js";
import { SplitSheet } from "/pages/plan/order/split.js";
import { travellers } from "/pages/plan/order/travellers.js";

const BY_STATE = {
  draft: { buttons: ["plan", "release"], menu: ["edit", "parts", "split", "print", "cancel"] },
  planned: { buttons: ["edit", "release"], menu: ["parts", "split", "print", "cancel"] },
  released: { buttons: ["hold", "change"], menu: ["parts", "split", "print", "cancel"] },
  in_progress: { buttons: ["hold", "change"], menu: ["parts", "split", "print", "cancel"] },
  on_hold: { buttons: ["change", "resume"], menu: ["split", "print", "cancel"] },
  completed: { buttons: ["change", "close"], menu: ["print"] },
  closed: { buttons: ["print"], menu: ["reopen"] },
  cancelled: { buttons: ["print"], menu: ["reopen"] },
};
const LOOK = {
  plan: {},
  edit: { icon: "edit" },
  change: { icon: "change" },
  split: { icon: "split" },
  parts: { icon: "tree" },
  print: { icon: "print" },
  release: { kind: "primary", icon: "play" },
  resume: { kind: "primary", icon: "play" },
  close: { kind: "primary", icon: "lock" },
  hold: { kind: "warn", icon: "hold" },
  cancel: { icon: "close", tone: "stop" },
  reopen: { icon: "undo" },
};
/** What is done with a reason: its title, what it brings about, and the tone of the question. */
const ASKED = {
  hold: () => ({ text: t("order.hold_text"), tone: "primary" }),
  cancel: () => ({ text: t("order.cancel_text"), tone: "danger" }),
  reopen: (order) => ({
    text: order.state === "closed" ? t("order.reopen_closed_text") : t("order.reopen_cancelled_text"),
    tone: "primary",
  }),
};
/** Buttons whose word is the trade's. */
const EXPLAINED = ["plan", "release", "hold", "change", "close"];
/** Who may, beside administrators; planners where nobody is named. */
const RIGHTS = { print: null, reopen: ["leader", "planner"] };
const mayDo = (order, name) => {
  if (name === "reopen" && !order.released_at) return false; // an order that was never released is made anew
  const roles = name in RIGHTS ? RIGHTS[name] : ["planner"];
  return !roles || may(...roles);
};
const OrderParts = ({ order, onClose, onDone }) =>
  html`<${PartsSheet} orders=${[order]} onClose=${onClose} onDone=${() => onDone()} />`;
const SHEETS = { edit: EditSheet, change: ChangeSheet, split: SplitSheet, close: CloseSheet, parts: OrderParts };

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
  const { buttons, menu } = BY_STATE[order.state];
  const allowed = (names) => names.filter((name) => mayDo(order, name));
  const question = ASKED[asking]?.(order);
  const touch = (name) => (ASKED[name] || SHEETS[name] ? setAsking(name) : act.go(name));
  const link = (name) => (name === "print" ? travellers([order]) : undefined);
  const button = (name) => html`<${Button}
    key=${name}
    kind=${LOOK[name].kind}
    icon=${LOOK[name].icon}
    href=${link(name)}
    busy=${act.busy && !asking && LOOK[name].kind === "primary"}
    disabled=${act.busy}
    title=${EXPLAINED.includes(name) ? meaning(name) : undefined}
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
      open=${Boolean(question)}
      onClose=${close}
      kind="hold"
      busy=${act.busy}
      tone=${question?.tone}
      title=${question && t(`order.${asking}_title`, { number: order.number })}
      text=${question?.text}
      confirm=${question && t(`order_action.${asking}`)}
      onConfirm=${(reason) => act.go(asking, reason)}
    />
  </div>`;
}
