// What a demand leads to: the orders for the item and its parts, what open orders cover already, and the material.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { ApiProblem, post } from "/js/lib/api.js";
import { moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Skeleton } from "/js/components/feedback.js";

const SETTLE_MS = 250;

/** Asks for the plan of a demand (null: none) once it has been left alone for a moment: {data, problem, loading}. */
export function usePlan(demand) {
  const [state, setState] = useState({ data: null, problem: null, loading: false });
  const newest = useRef(0);
  const wanted = demand && JSON.stringify(demand);
  useEffect(() => {
    const mine = ++newest.current;
    if (!wanted) {
      setState({ data: null, problem: null, loading: false });
      return undefined;
    }
    setState((now) => ({ ...now, loading: true }));
    const timer = setTimeout(async () => {
      const answer = await post("/orders/demand/preview", JSON.parse(wanted)).then(
        (data) => ({ data, problem: null }),
        (problem) => ({ data: null, problem: problem instanceof ApiProblem ? problem : null }),
      );
      if (mine === newest.current) setState({ ...answer, loading: false });
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  return state;
}

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

export function Plan({ plan }) {
  if (!plan.data) return plan.loading ? html`<${Skeleton} rows="2" height="44" />` : null;
  const { orders, materials } = plan.data;
  return html`<section class="plan ${plan.loading ? "stale" : ""}" aria-live="polite" data-testid="plan">
    <h3>${t("plan.orders")}</h3>
    <ul class="plan-orders">${orders.map((order) => html`<${Planned} key=${order.key} order=${order} />`)}</ul>
    ${
      materials.length > 0 &&
      html`
        <h3>${t("plan.materials")}</h3>
        <${Materials} materials=${materials} />
      `
    }
  </section>`;
}
