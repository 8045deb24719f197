// What a new shop does first, each ticked when it is there.
import { html } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Gate } from "/js/components/gate.js";

/** Who brought the orders of a demo: nobody of the shop. */
const DEMO = "api:demo import";

const STEPS = [
  {
    href: "/imports",
    title: () => t("steps.master_data"),
    text: () => t("steps.master_data_text"),
    met: () => get("/orders/items", { limit: 1 }).then((page) => page.items.length > 0),
  },
  {
    href: "/imports",
    title: () => t("steps.import"),
    text: () => t("steps.import_text"),
    met: () => get("/erp/imports", { limit: 200 }).then((page) => page.items.some((run) => run.person !== DEMO)),
  },
  {
    href: "/people",
    title: () => t("steps.people"),
    text: () => t("steps.people_text"),
    met: () => all("/people").then((people) => people.some((one) => one.active && (one.has_pin || one.has_badge))),
  },
  {
    href: "/devices",
    title: () => t("steps.devices"),
    text: () => t("steps.devices_text"),
    met: () => all("/devices").then((devices) => devices.some((one) => !one.revoked_at)),
  },
];

export function NextSteps() {
  const met = useResource(() => Promise.all(STEPS.map((step) => step.met().catch(() => false))));
  return html`<${Gate} wide>
    <section class="card">
      <header><h1>${t("steps.title")}</h1><p>${t("steps.text")}</p></header>
      <div class="steps">
        ${STEPS.map((step, index) => {
          const done = met.data?.[index];
          return html`<a class="step ${done ? "done" : ""}" href=${step.href}>
            <i>${done ? icon("check", { label: t("steps.done") }) : index + 1}</i>
            <span class="grow"><b>${step.title()}</b><small>${step.text()}</small></span>
            ${icon("next")}
          </a>`;
        })}
      </div>
      <${Button} kind="primary" href="/orders" data-testid="setup-go">${t("steps.go")}<//>
    </section>
  <//>`;
}
