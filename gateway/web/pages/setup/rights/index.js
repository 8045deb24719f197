// /rights: which role may do what, as the services themselves say.
import { html } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Problem } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Table } from "/js/components/table.js";

const ROLES = ["operator", "leader", "quality", "planner", "maintenance", "admin", "viewer", "erp"];
const OF = ["production", "orders", "quality", "erp", "gateway", "all"];

function Right({ right }) {
  return html`
    <b class="first">${t(`right.${right.of}.${right.name}`)}</b>
    <details class="routes">
      <summary>${t("rights.routes", { n: number(right.routes.length) })}</summary>
      <ul>
        ${right.routes.map(
          ({ method, path, summary }) =>
            html`<li key=${method + path} title=${summary}><code>${method} ${path}</code></li>`,
        )}
      </ul>
    </details>
  `;
}

const mark = (has) =>
  has
    ? html`<span class="has" role="img" aria-label=${t("rights.yes")}>${icon("check")}</span>`
    : html`<span class="muted" role="img" aria-label=${t("rights.no")}>–</span>`;

const columns = () => [
  { key: "right", class: "right", label: t("rights.right"), render: (right) => html`<${Right} right=${right} />` },
  ...ROLES.map((role) => ({
    key: role,
    class: "role",
    label: t(`role.${role}`),
    render: (right) => mark(right.roles.includes(role)),
  })),
];

export default function Rights() {
  const rights = useResource(() => all("/rights"));
  const { data, error, load } = rights;
  if (error && !data)
    return html`<${OfficeShell} title=${t("rights.title")}>
      <div class="card"><${Problem} error=${error} retry=${load} /></div>
    <//>`;
  return html`<${OfficeShell} title=${t("rights.title")}>
    ${OF.map(
      (of) => html`<section class="stack rights" key=${of} data-testid="rights-${of}">
        <h2>${t(`rights_of.${of}`)}</h2>
        <${Table}
          compact
          label=${t(`rights_of.${of}`)}
          columns=${columns()}
          rows=${data?.filter((right) => right.of === of)}
          rowKey=${(right) => right.name}
        />
      </section>`,
    )}
  <//>`;
}
