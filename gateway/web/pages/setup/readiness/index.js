// /readiness: what is missing or contradictory in the shop's data, and the way to mend each.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { FindingGroup, groupsOf } from "/pages/setup/readiness/findings.js";
import { CodeRules } from "/pages/setup/readiness/code-rules.js";

const FITS = {
  all: () => true,
  error: (group) => group.severity === "error",
  warning: (group) => group.severity === "warning",
};

function Figure({ tone, label, value }) {
  return html`<div class="figure ${value > 0 ? tone : ""}"><span>${label}</span><b>${number(value)}</b></div>`;
}

function Report({ report, filter, onFilter }) {
  const groups = groupsOf(report.findings);
  const shown = groups.filter(FITS[filter] ?? ((group) => group.code === filter));
  const options = [
    { value: "all", label: t("readiness.all"), count: number(report.findings.length) },
    { value: "error", label: t("readiness.errors"), count: number(report.errors) },
    { value: "warning", label: t("readiness.warnings"), count: number(report.warnings) },
    ...groups.map((group) => ({ value: group.code, label: group.title, count: number(group.findings.length) })),
  ];
  if (!report.findings.length && !report.items)
    return html`<div class="card">
      <${Empty} icon="import" title=${t("readiness.empty")} text=${t("readiness.empty_text")}>
        <${Button} kind="primary" href="/imports">${t("nav.imports")}<//>
      <//>
    </div>`;
  if (!report.findings.length)
    return html`<div class="card">
      <${Empty} icon="check" title=${t("readiness.none")} text=${t("readiness.none_text")}>
        <${Button} kind="primary" href="/readiness/evidence">${t("readiness.evidence")}<//>
      <//>
    </div>`;
  return html`
    <div class="filters">
      <${Pills} label=${t("readiness.filter")} value=${filter} onChange=${onFilter} options=${options} />
    </div>
    ${shown.map((group) => html`<${FindingGroup} key=${group.code} group=${group} />`)}
    ${
      !shown.length &&
      html`<div class="card">
        <${Empty} icon="check" title=${t("readiness.mended")}>
          <${Button} onClick=${() => onFilter("all")}>${t("readiness.show_all")}<//>
        <//>
      </div>`
    }
  `;
}

const view = makeView({ filter: "all" });

export default function Readiness() {
  const report = useResource(() => get("/orders/readiness"), [], { auto: false, worded: true });
  const { filter } = view.use();
  useLive(["definitions"], report.load);
  const { data, error } = report;
  const actions = html`
    <${Button}
      icon="refresh"
      busy=${report.loading && Boolean(data)}
      data-testid="readiness-again"
      onClick=${report.load}
    >
      ${t("readiness.again")}
    <//>
    <${Button} kind="primary" icon="file" href="/readiness/evidence">${t("readiness.evidence")}<//>
  `;
  return html`<${OfficeShell} title=${t("readiness.title")} actions=${actions}>
    ${
      !data &&
      (error
        ? html`<div class="card"><${Problem} error=${error} retry=${report.load} /></div>`
        : html`<div class="card card-body"><${Skeleton} rows="8" height="34" /></div>`)
    }
    ${
      data &&
      html`
        <div class="figures readiness-figures" data-testid="readiness-figures">
          <${Figure} tone="stop" label=${t("readiness.errors")} value=${data.errors} />
          <${Figure} tone="warn" label=${t("readiness.warnings")} value=${data.warnings} />
          <p class="muted">${t("readiness.checked", { at: moment(data.checked_at) })}</p>
        </div>
        <${Report} report=${data} filter=${filter} onFilter=${(value) => view.change({ filter: value })} />
      `
    }
    ${data && html`<${CodeRules} onChanged=${report.load} />`}
  <//>`;
}
