// /daily-report: a day of the shop on one sheet, from the ledger and what the machines did.
import { html, useEffect } from "/js/lib/html.js";
import { download, get } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { addDays, clock, number, percent } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { seesPersons } from "/js/lib/session.js";
import { pageName } from "/js/lib/title.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Choice, Pills } from "/js/components/field.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { toastProblem } from "/js/components/toast.js";
import { ReportPaper } from "/pages/improve/daily-report/paper.js";
import { hours } from "/pages/improve/daily-report/rows.js";
import { ReportTable } from "/pages/improve/daily-report/table.js";

const ALL = { shift: "", machine: "", person: "" };
/** What was chosen, as the API asks for it. */
const asked = (day, chosen) =>
  Object.fromEntries(Object.entries({ date: day, ...chosen }).filter(([, value]) => value));

function Filters({ report, day, onDay, chosen, onChosen, machines, person }) {
  const set = (name) => (value) => onChosen({ ...chosen, [name]: value });
  const shown = day || report?.business_date || "";
  const shifts = report?.shifts.map((one) => ({ value: one.code, label: local(one.name) })) ?? [];
  return html`<div class="report-filters">
    <span class="report-day">
      <${Button}
        kind="quiet"
        icon="back"
        class="icon-only"
        aria-label=${t("report.day_before")}
        disabled=${!shown}
        data-testid="report-before"
        onClick=${() => onDay(addDays(shown, -1))}
      />
      <input
        type="date"
        class="input"
        aria-label=${t("report.date")}
        value=${shown}
        data-testid="report-date"
        onChange=${(event) => event.currentTarget.value && onDay(event.currentTarget.value)}
      />
      <${Button}
        kind="quiet"
        icon="next"
        class="icon-only"
        aria-label=${t("report.day_after")}
        disabled=${!shown}
        data-testid="report-after"
        onClick=${() => onDay(addDays(shown, 1))}
      />
    </span>
    ${
      shifts.length > 1 &&
      html`<${Pills}
        label=${t("report.shift")}
        value=${chosen.shift}
        onChange=${set("shift")}
        options=${[{ value: "", label: t("report.all_shifts") }, ...shifts]}
      />`
    }
    <${Choice}
      label=${t("report.machine")}
      value=${chosen.machine}
      onChange=${set("machine")}
      data-testid="report-machine"
      options=${(machines ?? []).map((one) => ({ value: one.code, label: `${one.code} ${local(one.name)}` }))}
    />
    ${
      seesPersons() &&
      html`<${Choice}
        label=${t("report.person")}
        value=${chosen.person}
        onChange=${set("person")}
        data-testid="report-person"
        options=${[...new Set([...(report?.people ?? []), chosen.person])]
          .filter(Boolean)
          .map((code) => ({ value: code, label: person(code) || code }))}
      />`
    }
  </div>`;
}

function Figures({ total }) {
  const figures = [
    ["finished", t("report.finished"), number(total.finished)],
    ["processed", t("report.processed"), number(Number(total.good) + Number(total.scrap))],
    ["scrap", t("count.scrap"), number(total.scrap)],
    ["utilisation", t("report.utilisation"), percent(total.utilisation, 1)],
    ["operation", t("report.operation_s"), hours(total.operation_s)],
    ["setups", t("report.setups"), number(total.setups)],
  ];
  return html`<div class="figures report-figures">
    ${figures.map(
      ([name, word, value]) =>
        html`<div class="figure" key=${name}><span>${word}</span><b data-testid="total-${name}">${value}</b></div>`,
    )}
  </div>`;
}

const view = makeView({ date: "", ...ALL });

export default function DailyReport() {
  const { date: day, ...chosen } = view.use();
  const reports = useResource(
    () => get("/production/daily-report", asked(day, chosen)),
    [day, JSON.stringify(chosen)],
    { worded: true },
  );
  const machines = useResource(() => get("/production/machines"));
  const save = useAction((_, search) => download(`/production/daily-report.xlsx?${search}`), { failed: toastProblem });
  const report = reports.data;
  const person = usePeople();
  useEveryMinute(() => !day && reports.load());
  useEffect(() => {
    if (report) pageName.value = `${t("report.title")} ${report.business_date}`;
  }, [report?.business_date]);
  const ready = report && report.items.length > 0;
  const actions = html`
    <${Button}
      icon="file"
      busy=${save.busy}
      disabled=${!ready}
      data-testid="report-xlsx"
      onClick=${() => save.go(new URLSearchParams(asked(report.business_date, chosen)).toString())}
    >
      XLSX
    <//>
    <${Button} kind="primary" icon="print" disabled=${!ready} data-testid="print" onClick=${() => print()}>
      ${t("action.print")}
    <//>
  `;
  return html`<${OfficeShell} title=${t("report.title")} actions=${actions}>
    <${Filters}
      report=${report}
      day=${day}
      onDay=${(date) => view.change({ date })}
      chosen=${chosen}
      onChosen=${view.change}
      machines=${machines.data?.items}
      person=${person}
    />
    ${reports.error && html`<div class="card"><${Problem} error=${reports.error} retry=${reports.load} /></div>`}
    ${
      !report && !reports.error && html`<div class="card card-body"><${Skeleton} rows="8" height="40" gap="20" /></div>`
    }
    ${
      report &&
      !ready &&
      html`<div class="card"><${Empty} icon="list" title=${t("report.none")} text=${t("report.none_text")} /></div>`
    }
    ${
      ready &&
      html`
        <${Figures} total=${report.total} />
        <${ReportTable} report=${report} person=${person} />
        <${ReportPaper} report=${report} chosen=${chosen} machines=${machines.data?.items} person=${person} />
        <p class="muted report-note">${t("report.note", { time: clock(report.at) })}</p>
      `
    }
  <//>`;
}
