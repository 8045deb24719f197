// /erp: what came from the ERP, what went back, and what is stuck on the way.
import { html, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { Problem } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Tabs } from "/js/components/tabs.js";
import { Connections } from "/pages/plan/erp/connections.js";
import { Fetching, readWays } from "/pages/plan/erp/fetching.js";
import { Confirmations, Deliveries, OrdersIn } from "/pages/plan/erp/lists.js";

// Each figure opens the list it counts. A tone only where somebody has to do something.
const IN = [
  { name: "received", view: { tab: "orders" } },
  { name: "accepted", view: { tab: "orders", state: "accepted" } },
  { name: "refused", view: { tab: "orders", state: "refused" }, tone: "stop" },
];
const OUT = [
  { name: "confirmed", view: { tab: "confirmations" } },
  { name: "delivered", view: { tab: "deliveries", state: "delivered" } },
  { name: "pending", view: { tab: "deliveries", state: "pending" }, tone: "warn" },
  { name: "parked", view: { tab: "deliveries", state: "parked" }, tone: "stop" },
];

function Figures({ title, glyph, figures, summary, view, onView }) {
  const pressed = (figure) => figure.view.tab === view.tab && figure.view.state === view.state;
  return html`<section>
    <h2>${icon(glyph)}${title}</h2>
    <div class="figures">
      ${figures.map(
        (figure) => html`<button
          type="button"
          key=${figure.name}
          class="figure ${summary?.[figure.name] > 0 ? (figure.tone ?? "") : ""}"
          aria-pressed=${pressed(figure)}
          data-testid="erp-${figure.name}"
          onClick=${() => onView(pressed(figure) ? { tab: figure.view.tab } : figure.view)}
        >
          <span>${t(`erp_figure.${figure.name}`)}</span>
          <b>
            ${
              summary
                ? number(summary[figure.name])
                : html`<span class="skeleton" style=${{ width: "56px", height: "28px" }}></span>`
            }
          </b>
        </button>`,
      )}
    </div>
  </section>`;
}

const view = makeView({ tab: ["orders", "confirmations", "deliveries", "connections"], state: "" });

const terms = () => [
  { word: t("erp_figure.accepted"), means: t("term_erp.accepted") },
  { word: t("erp_figure.refused"), means: t("term_erp.refused") },
  { word: t("erp_figure.confirmed"), means: t("term_erp.confirmed") },
  { word: t("erp.fetched"), means: t("term_erp.fetched") },
  { word: t("erp_figure.parked"), means: t("term_erp.parked") },
];

export default function Erp() {
  const shown = view.use();
  const state = shown.state || undefined;
  const setView = (next) => view.change({ tab: next.tab, state: next.state ?? "" });
  const summary = useResource(() => get("/erp/summary"), [], { auto: false });
  const [pulse, setPulse] = useState(0);
  const ways = useResource(readWays, [pulse]);
  useEveryMinute(ways.load);
  useLiveCounts(["erp", "work_orders"], () => {
    summary.load();
    setPulse((now) => now + 1);
  });
  const { data } = summary;
  const tabs = [
    { value: "orders", label: t("erp.orders"), count: data?.refused },
    { value: "confirmations", label: t("erp.confirmations") },
    { value: "deliveries", label: t("erp.deliveries"), count: data?.parked },
    { value: "connections", label: t("erp.connections") },
  ];
  return html`<${OfficeShell} title=${t("erp.title")} terms=${terms()}>
    ${
      summary.error && !data
        ? html`<div class="card"><${Problem} error=${summary.error} retry=${summary.load} /></div>`
        : html`<div class="erp-flow">
            <${Figures}
              title=${t("erp.in")}
              glyph="import"
              figures=${IN}
              summary=${data}
              view=${{ tab: shown.tab, state }}
              onView=${setView}
            />
            <${Figures}
              title=${t("erp.out")}
              glyph="erp"
              figures=${OUT}
              summary=${data}
              view=${{ tab: shown.tab, state }}
              onView=${setView}
            />
          </div>`
    }
    ${ways.data && data?.confirmed > 0 && html`<${Fetching} ways=${ways.data} confirmed=${data.confirmed} />`}
    <${Tabs} label=${t("erp.title")} options=${tabs} value=${shown.tab} onChange=${(tab) => setView({ tab })} />
    ${shown.tab === "orders" && html`<${OrdersIn} state=${state} pulse=${pulse} />`}
    ${shown.tab === "confirmations" && html`<${Confirmations} pulse=${pulse} />`}
    ${shown.tab === "deliveries" && html`<${Deliveries} state=${state} pulse=${pulse} onChanged=${summary.load} />`}
    ${shown.tab === "connections" && html`<${Connections} onChanged=${summary.load} />`}
  <//>`;
}
