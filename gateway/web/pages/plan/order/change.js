// A change of an order that is on the floor already: proposed with its reason, shown with what is done, then applied or
// left for somebody to decide.
import { html, useState } from "/js/lib/html.js";
import { all, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Notice } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";
import { ChangeBody } from "/pages/plan/order/changes.js";
import {
  CustomerAndSalesOrder,
  DueAndPriority,
  FIELDS,
  OrderNote,
  Quantity,
  Tolerances,
  changed,
  complete,
  formOf,
} from "/pages/plan/order/fields.js";

const begun = (operation) =>
  Number(operation.good) + Number(operation.scrap) + Number(operation.rework) > 0 ||
  ["running", "paused", "done"].includes(operation.state);

function OperationChange({ operation, machines, wanted, onChange }) {
  const same = machines.filter(
    (machine) => machine.work_center === operation.work_center || machine.code === operation.machine,
  );
  const options = [
    ...(operation.machine ? [] : [{ value: "", label: operation.work_center ?? t("order.outside") }]),
    ...same.map((machine) => ({ value: machine.code, label: `${machine.code} ${local(machine.name)}` })),
  ];
  const over = begun(operation);
  return html`<div class="change-op">
    <span class="op">${operation.op}</span>
    <span class="grow">
      <b>${local(operation.name)}</b>
      <small>
        ${
          over
            ? t("change.done_op", { good: number(operation.good), scrap: number(operation.scrap) })
            : t("change.not_begun")
        }
      </small>
    </span>
    <select
      class="input"
      aria-label=${t("change_field.machine")}
      value=${wanted.machine ?? operation.machine ?? ""}
      disabled=${operation.skip || wanted.skip || operation.state === "done"}
      data-testid="change-machine-${operation.op}"
      onChange=${(event) => onChange({ ...wanted, machine: event.currentTarget.value })}
    >
      ${options.map(
        (one) =>
          html`<option
            key=${one.value}
            value=${one.value}
            selected=${one.value === (wanted.machine ?? operation.machine ?? "")}
          >
            ${one.label}
          </option>`,
      )}
    </select>
    <label class="tick">
      <input
        type="checkbox"
        checked=${operation.skip || wanted.skip || false}
        disabled=${over || operation.skip}
        data-testid="change-skip-${operation.op}"
        onChange=${(event) => onChange({ ...wanted, skip: event.currentTarget.checked })}
      />
      ${t("change_field.skip")}
    </label>
  </div>`;
}

/** What was typed, as a change request's body. */
function bodyOf(form, wanted, order) {
  const fields = complete(form) ? changed(form, order) : {};
  const operations = order.operations
    .map((operation) => ({
      op: operation.op,
      ...(wanted[operation.op]?.skip
        ? { skip: true }
        : wanted[operation.op]?.machine && wanted[operation.op].machine !== operation.machine
          ? { machine: wanted[operation.op].machine }
          : {}),
    }))
    .filter((one) => Object.keys(one).length > 1);
  return { ...fields, ...(operations.length && { operations }) };
}

export function ChangeSheet({ order, onClose, onDone }) {
  const [form, setForm] = useState(() => formOf(order));
  const [wanted, setWanted] = useState({});
  const [reason, setReason] = useState("");
  const [proposed, setProposed] = useState(null);
  const machines = useResource(() => all("/orders/machines"), []);
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const body = bodyOf(form, wanted, order);
  const ready = complete(form) && Object.keys(body).length > 0 && reason.trim();
  const propose = useAction(
    (key) => post(`/orders/work-orders/${order.id}/changes`, { ...body, reason: reason.trim() }, { key }),
    { done: setProposed, failed: () => {} },
  );
  const apply = useAction(
    (key) => post(`/orders/changes/${proposed.id}/apply`, { confirmed: proposed.warnings }, { key }),
    { done: () => onDone(t("change.applied", { number: order.number })), failed: () => {} },
  );
  const submit = (event) => {
    event.preventDefault();
    if (ready) propose.go();
  };
  const leave = () => onDone(t("change.proposed", { number: order.number }));
  if (proposed) {
    return html`<${Sheet}
      open
      onClose=${leave}
      from="side"
      title=${t("change.check", { number: order.number })}
      data-testid="change-check"
      footer=${html`
        <${Button} data-testid="change-later" onClick=${leave}>${t("change.later")}<//>
        ${
          may("planner") &&
          html`<${Button}
            kind="primary"
            icon="check"
            busy=${apply.busy}
            data-testid="change-apply-now"
            onClick=${() => apply.go()}
          >
            ${t("change.apply")}
          <//>`
        }
      `}
    >
      <div class="stack">
        <${FormNews} action=${apply} />
        <${Notice} tone="setup" icon="change" title=${t("change.proposed", { number: order.number })}>
          ${t("change.check_text")}
        <//>
        <${ChangeBody} change=${proposed} />
      </div>
    <//>`;
  }
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    class="wide"
    title=${t("change.title", { number: order.number })}
    data-testid="change-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        icon="change"
        busy=${propose.busy}
        disabled=${!ready}
        data-testid="change-propose"
        onClick=${submit}
      >
        ${t("change.propose")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${propose} fields=${[...FIELDS, "reason"]} />
      <p class="muted">${t("change.text")}</p>
      <${Quantity}
        form=${form}
        change=${change}
        unit=${order.unit}
        problem=${propose.problem}
        hint=${t("change.done_order", { good: number(order.good), scrap: number(order.scrap) })}
      />
      <${Tolerances} form=${form} change=${change} unit=${order.unit} problem=${propose.problem} />
      <${DueAndPriority} form=${form} change=${change} problem=${propose.problem} />
      <${CustomerAndSalesOrder} form=${form} change=${change} problem=${propose.problem} />
      <${OrderNote} form=${form} change=${change} problem=${propose.problem} />
      <div class="field">
        <span class="label">${t("order.operations")}</span>
        <div class="change-ops">
          ${order.operations.map(
            (operation) =>
              html`<${OperationChange}
                key=${operation.op}
                operation=${operation}
                machines=${machines.data ?? []}
                wanted=${wanted[operation.op] ?? {}}
                onChange=${(one) => setWanted((now) => ({ ...now, [operation.op]: one }))}
              />`,
          )}
        </div>
      </div>
      <${Field}
        label=${t("change.reason")}
        value=${reason}
        onInput=${setReason}
        maxlength="500"
        error=${propose.problem?.field?.("reason")}
        data-testid="change-reason"
      />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("change.propose")}</button>
    </form>
  <//>`;
}
