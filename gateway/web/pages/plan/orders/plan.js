// What a demand leads to: the orders for the item and its parts, what open orders cover already, and the material.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { ApiProblem, post } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { Skeleton } from "/js/components/feedback.js";
import { Materials, Planned } from "/pages/plan/order/planned.js";

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
