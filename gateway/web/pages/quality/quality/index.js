// /quality: where the scrap comes from, and the catalogue of defects.
import { html, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { addDays, number, percent, today } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { Picture } from "/js/components/picture.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Table } from "/js/components/table.js";
import { Tabs } from "/js/components/tabs.js";
import { Pareto } from "/pages/quality/quality/chart.js";
import { Defects } from "/pages/quality/quality/defects.js";
import { ReportsSheet } from "/pages/quality/quality/reports.js";

const PERIODS = { today: 0, week: 6, month: 29 };
const lastDays = (days) => ({ from: addDays(today(), -days), to: today() });

function Filters({ by, onBy, period, onPeriod, days, onDays }) {
  const begin = (event) => event.currentTarget.value && onDays({ ...days, from: event.currentTarget.value });
  const end = (event) => event.currentTarget.value && onDays({ ...days, to: event.currentTarget.value });
  return html`<div class="quality-filters">
    <${Pills}
      label=${t("quality.by")}
      value=${by}
      onChange=${onBy}
      options=${[
        { value: "defect", label: t("quality.by_defect") },
        { value: "item", label: t("quality.by_item") },
        { value: "machine", label: t("quality.by_machine") },
      ]}
    />
    <${Pills}
      label=${t("quality.period")}
      value=${period}
      onChange=${onPeriod}
      options=${[
        { value: "today", label: t("quality.today") },
        { value: "week", label: t("quality.week") },
        { value: "month", label: t("quality.month") },
        { value: "own", label: t("quality.own") },
      ]}
    />
    ${
      period === "own" &&
      html`<span class="quality-days">
        <input
          type="date"
          class="input"
          aria-label=${t("quality.first_day")}
          value=${days.from}
          max=${days.to}
          onChange=${begin}
        />
        <span class="muted">–</span>
        <input
          type="date"
          class="input"
          aria-label=${t("quality.last_day")}
          value=${days.to}
          min=${days.from}
          onChange=${end}
        />
      </span>`
    }
  </div>`;
}

function Figures({ data }) {
  const figures = [
    [t("quality.total"), number(data.total)],
    data.processed !== undefined && [t("quality.processed"), number(data.processed)],
    data.ppm !== undefined && [t("quality.ppm"), number(data.ppm, 0)],
  ];
  return html`<div class="figures quality-figures">
    ${figures
      .filter(Boolean)
      .map(([name, value]) => html`<div class="figure" key=${name}><span>${name}</span><b>${value}</b></div>`)}
  </div>`;
}

const tableColumns = (byWord) => [
  {
    key: "name",
    label: byWord,
    render: (b) =>
      html`<span class="pictured">
        ${b.picture_id && html`<${Picture} id=${b.picture_id} service="quality" glyph="picture" />`}
        <span>
          <span class="first">${b.label}</span>
          ${b.key !== b.label && html`<span class="second">${b.key}</span>`}
        </span>
      </span>`,
  },
  {
    key: "quantity",
    label: t("count.scrap"),
    align: "end",
    sort: (b) => b.quantity,
    render: (b) => number(b.quantity),
  },
  {
    key: "ppm",
    label: t("quality.ppm"),
    align: "end",
    sort: (b) => Number(b.ppm ?? 0),
    render: (b) => (b.ppm === undefined ? "–" : number(b.ppm, 0)),
  },
  { key: "share", label: t("quality.share"), align: "end", render: (b) => percent(b.share, 1) },
  { key: "cumulative", label: t("quality.cumulative"), align: "end", render: (b) => percent(b.cumulative, 1) },
];

const view = makeView({
  tab: ["losses", "defects"],
  by: ["defect", "item", "machine"],
  period: ["week", ...Object.keys(PERIODS), "own"],
  from: "",
  to: "",
});

function Losses() {
  const { by, period, from, to } = view.read();
  const usual = lastDays(PERIODS.week);
  const own = { from: from || usual.from, to: to || usual.to };
  const [asTable, setAsTable] = useState(false);
  const [opened, setOpened] = useState(null);
  const days = period === "own" ? own : lastDays(PERIODS[period]);
  const pareto = useResource(() => get("/quality/pareto", { by, ...days }), [by, days.from, days.to]);
  useLiveCounts(["work_orders"], pareto.load);
  const bars = pareto.data?.items.map((item) => ({
    ...item,
    label: local(item.name) || item.key,
    quantity: Number(item.quantity),
  }));
  const byWord = { defect: t("quality.by_defect"), item: t("quality.by_item"), machine: t("quality.by_machine") }[
    pareto.data?.by ?? by
  ];
  return html`
    <${Filters}
      by=${by}
      onBy=${(value) => view.change({ by: value })}
      period=${period}
      onPeriod=${(value) => view.change({ period: value })}
      days=${own}
      onDays=${view.change}
    />
    ${
      pareto.error &&
      !pareto.data &&
      html`<div class="card"><${Problem} error=${pareto.error} retry=${pareto.load} /></div>`
    }
    ${!pareto.data && !pareto.error && html`<div class="card pareto"><${Skeleton} rows="1" height="340" /></div>`}
    ${pareto.data && html`<${Figures} data=${pareto.data} />`}
    ${
      bars &&
      !bars.length &&
      html`<div class="card">
        <${Empty} icon="quality" title=${t("quality.none")} text=${t("quality.none_text")} />
      </div>`
    }
    ${
      bars?.length > 0 &&
      html`<section class="card pareto">
        <header class="pareto-head">
          <h2>${t("quality.pareto", { by: byWord.toLowerCase() })}</h2>
          ${
            !asTable &&
            html`
              <span class="pareto-key"><i></i>${t("count.scrap")}</span>
              <span class="pareto-key"><i class="line"></i>${t("quality.cumulative")}</span>
            `
          }
          <${Button}
            size="small"
            aria-pressed=${asTable}
            data-testid="pareto-table"
            onClick=${() => setAsTable(!asTable)}
          >
            ${asTable ? t("quality.as_chart") : t("quality.as_table")}
          <//>
        </header>
        ${
          asTable
            ? html`<${Table}
                compact
                class="plain"
                label=${byWord}
                columns=${tableColumns(byWord)}
                rows=${bars}
                rowKey=${(b) => b.key}
                onOpen=${setOpened}
              />`
            : html`<${Pareto} bars=${bars} onOpen=${setOpened} />`
        }
      </section>`
    }
    ${
      opened &&
      html`<${ReportsSheet}
        bar=${opened}
        by=${pareto.data?.by ?? by}
        days=${days}
        onClose=${() => setOpened(null)}
      />`
    }
  `;
}

export default function Quality() {
  const { tab } = view.use();
  const setTab = (value) => view.change({ tab: value });
  const [adding, setAdding] = useState(false);
  const add =
    tab === "defects" &&
    may("quality", "planner") &&
    html`<${Button} kind="primary" icon="plus" data-testid="defect-add" onClick=${() => setAdding(true)}>
      ${t("quality.add_defect")}
    <//>`;
  return html`<${OfficeShell} title=${t("quality.title")} actions=${add}>
    <${Tabs}
      label=${t("quality.title")}
      value=${tab}
      onChange=${setTab}
      options=${[{ value: "losses", label: t("quality.losses") }, { value: "defects", label: t("quality.catalogue") }]}
    />
    ${tab === "losses" ? html`<${Losses} />` : html`<${Defects} adding=${adding} onAdding=${setAdding} />`}
  <//>`;
}
