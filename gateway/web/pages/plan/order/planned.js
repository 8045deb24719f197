// The lines of a plan: an order that would be made, and what is bought for all of them.
import { html } from "/js/lib/html.js";
import { moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";

export function Planned({ order }) {
  const netted = order.netted.filter((one) => one.number);
  return html`<li
    class=${order.exists ? "exists" : ""}
    style=${{ "--level": order.level }}
    data-testid="plan-${order.item}"
  >
    ${order.level > 0 ? html`<i class="branch"></i>` : icon("flag")}
    <span class="grow">
      <b>${order.item}</b> <span class="muted">${local(order.item_name)}</span>
      ${netted.map(
        (one) =>
          html`<small key=${one.number} class=${one.late ? "tone-warn" : "tone-run"}>
            ${
              one.late
                ? t("plan.netted_late", { number: one.number, n: number(one.quantity), at: moment(one.due_at) })
                : t("plan.netted", { number: one.number, n: number(one.quantity) })
            }
          </small>`,
      )}
      ${
        order.late &&
        !order.exists &&
        html`<small class="tone-stop">${t("plan.late", { at: moment(order.starts_at) })}</small>`
      }
    </span>
    <span class="end">
      ${
        order.exists
          ? html`<b class="tone-run">${t("plan.covered")}</b>`
          : html`<b>${number(order.quantity)} ${order.unit}</b>`
      }
      <small>${moment(order.due_at)}</small>
    </span>
  </li>`;
}

/** What is bought for a plan, by item: what all orders together take. */
export const Materials = ({ materials }) =>
  html`<dl class="plan-materials">
    ${materials.map(
      (one) =>
        html`<div key=${one.item} data-testid="material-${one.item}">
          <dt><b>${one.item}</b> <span class="muted">${local(one.name)}</span></dt>
          <dd>${number(one.gross)} ${one.unit}</dd>
        </div>`,
    )}
  </dl>`;
