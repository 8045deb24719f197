// The facts of an order and its operations, in the side sheet and on its own page.
import { html, useEffect } from "/js/lib/html.js";
import { moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { jobDisplay } from "/js/lib/display.js";
import { readStanding, standingText, standingWhy } from "/js/lib/standing.js";
import { Chip, StateChip } from "/js/components/chip.js";
import { Notice } from "/js/components/feedback.js";
import { Progress } from "/js/components/progress.js";
import { standing } from "/pages/plan/order/standing.js";
import { stateOf } from "/pages/plan/order/stopped.js";
import { limitsOf, useShopTolerances } from "/pages/plan/order/tolerance.js";

/** 0 is the most urgent; people speak of three. */
export const PRIORITIES = [
  { value: "10", label: () => t("priority.urgent") },
  { value: "50", label: () => t("priority.normal") },
  { value: "90", label: () => t("priority.low") },
];
export const priorityWord = (priority) =>
  priority < 40 ? t("priority.urgent") : priority > 60 ? t("priority.low") : t("priority.normal");

/** In words how late an order is, or will be: a line of the list. */
export function Standing({ order }) {
  const found = standing(order);
  if (!found) return null;
  const late = found.standing === "late";
  return html`<span class="second ${late ? "late" : "risk"}" title=${standingWhy(found)}>
    ${icon(late ? "clock" : "warning")}
    ${standingText(found)}
  </span>`;
}

export function OrderState({ order }) {
  useEffect(() => {
    readStanding(order.id).catch(() => {}); // the order is shown without it
  }, [order.id, order.version]);
  const found = standing(order);
  const late = found?.standing === "late";
  const shown = stateOf(order);
  return html`<div class="order-lead">
    <${StateChip} display=${shown} note=${shown.why} />
    ${
      found &&
      html`<${Chip} tone=${late ? "stop" : "warn"} icon=${late ? "clock" : "warning"} data-testid="order-standing">
          ${standingText(found)}
        <//>
        <small class="order-why">${standingWhy(found)}</small>`
    }
    ${order.priority < 40 && html`<${Chip} tone="warn" icon="flag">${t("priority.urgent")}<//>`}
  </div>`;
}

export function OrderReason({ order }) {
  if (!order.reason || !["on_hold", "cancelled"].includes(order.state)) return null;
  return html`<div class="order-reason">
    <${Notice}
      tone=${order.state === "on_hold" ? "warn" : "idle"}
      icon=${order.state === "on_hold" ? "hold" : "flag"}
      title=${order.reason}
    />
  </div>`;
}

/** "95 – 105 EA", and the percents that make it. */
function Tolerance({ limits, unit }) {
  return html`${number(limits.least)} – ${number(limits.most)} ${unit} <span class="muted nowrap">
    −${number(limits.under)} / +${number(limits.over)} %
  </span>`;
}

export function OrderFacts({ order }) {
  const limits = limitsOf(order, useShopTolerances());
  const facts = [
    [t("field.item"), html`${order.item} <span class="muted">${local(order.item_name)}</span>`],
    [t("field.quantity"), `${number(order.quantity)} ${order.unit}`],
    [t("tolerance.title"), limits && html`<${Tolerance} limits=${limits} unit=${order.unit} />`],
    [t("field.due_at"), moment(order.due_at)],
    [t("field.priority"), priorityWord(order.priority)],
    [t("field.customer"), order.customer],
    [t("field.sales_order"), order.sales_order],
    [t("field.external_id"), order.external_id],
    [t("field.note"), order.note],
    [t("order.created_at"), moment(order.created_at)],
    [t("order.released_at"), order.released_at && moment(order.released_at)],
    [t("order.completed_at"), order.completed_at && moment(order.completed_at)],
  ];
  return html`<dl class="facts">
    ${facts.filter(([, value]) => value).map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}
  </dl>`;
}

/** The state of an operation, in the words of jobs. */
export const operationDisplay = (state) => jobDisplay(state === "planned" ? "waiting" : state);

/**
 * Where an operation was really worked on, as far as that is not the machine that was planned: [{machine,
 * work_center}].
 */
function Ran({ operation, places }) {
  const others = places.filter((place) => place.machine !== operation.machine);
  if (!others.length) return null;
  const elsewhere = operation.work_center && others.some((place) => place.work_center !== operation.work_center);
  const words = { machines: places.map((place) => place.machine).join(", ") };
  return html`<small class="ran ${elsewhere ? "tone-warn" : ""}" data-testid="ran-${operation.op}">
    ${icon(elsewhere ? "warning" : "machine")}
    ${elsewhere ? t("order.ran_elsewhere", words) : t("order.ran_on", words)}
  </small>`;
}

/** The revision of the work instruction that was released with it. */
function Instruction({ operation }) {
  const { instruction: code, instruction_revision: n } = operation;
  return (
    code &&
    html`<small class="ran">
      <a href="/instructions/${encodeURIComponent(code)}" data-testid="instruction-${operation.op}">
        ${icon("book")}
        ${code} · ${t("instructions.revision_n", { n })}
      </a>
    </small>`
  );
}

/** `places` (a Map by operation) says where it was really worked on; `below(operation)` stands below one. */
export function Operations({ order, places, below }) {
  return html`<section class="operations">
    <h3>${t("order.operations")}</h3>
    ${order.operations.map(
      (operation) => html`<div class="operation ${operation.skip ? "skipped" : ""}" key=${operation.op}>
        <span class="op">${operation.op}</span>
        <span>
          <b>${local(operation.name)}</b>
          <small>
            ${operation.machine || operation.work_center || t("order.outside")} · ${
              operationDisplay(operation.state).label
            }
          </small>
          <${Ran} operation=${operation} places=${places?.get(operation.op) ?? []} />
          <${Instruction} operation=${operation} />
        </span>
        <span class="end">
          <b>${number(operation.good)}</b> <span class="muted">/ ${number(operation.planned)}</span>
          ${
            Number(operation.scrap) > 0 &&
            html`<small class="tone-stop">${t("count.scrap")} ${number(operation.scrap)}</small>`
          }
        </span>
        <${Progress}
          good=${operation.good}
          scrap=${operation.scrap}
          target=${operation.planned}
          tone=${order.state === "on_hold" ? "warn" : "run"}
          label="${operation.op} ${local(operation.name)}"
        />
        ${below?.(operation)}
      </div>`,
    )}
    ${!order.operations.length && html`<p class="muted">${t("order.no_operations")}</p>`}
  </section>`;
}
