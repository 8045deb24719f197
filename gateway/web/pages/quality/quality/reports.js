// The reports behind a bar: what was scrapped, where, by whom; together they come to the bar's number.
import { html } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";

const MOST = 2000;

/** The scrap of a result that a bar counts: of its defect, or all. Pure. */
export const countedOf = (result, by, key) =>
  result.scrap
    .filter((one) => by !== "defect" || one.defect === key)
    .reduce((sum, one) => sum + Number(one.quantity), 0);

/** `bar` {key, label} of a Pareto `by` something, of the days `from` … `to`. */
export function ReportsSheet({ bar, by, days, onClose }) {
  const person = usePeople();
  const query = { [by]: bar.key, first_date: days.from, last_date: days.to, scrapped: true };
  const results = useResource(
    async () => (await all("/production/results", query, MOST)).reverse(),
    [JSON.stringify(query)],
  );
  const columns = [
    {
      key: "at",
      label: t("quality.at"),
      render: (r) =>
        html`<span class="nowrap">${moment(r.at)}</span><span class="second">${person(r.person ?? "")}</span>`,
    },
    {
      key: "order",
      label: t("quality.order"),
      render: (r) =>
        html`
          <a class="first nowrap" href="/orders/${encodeURIComponent(r.number)}">${r.number} · ${r.op}</a>
          <span class="second">${[r.item, r.machine].filter(Boolean).join(" · ")}</span>
        `,
    },
    {
      key: "scrap",
      label: t("count.scrap"),
      align: "end",
      render: (r) =>
        html`<b>${number(countedOf(r, by, bar.key))}</b> ${
          r.reverses_id && html`<span class="second"><${Chip} icon="undo">${t("quality.reversal")}<//></span>`
        }`,
      total: results.data && number(results.data.reduce((sum, r) => sum + countedOf(r, by, bar.key), 0)),
    },
  ];
  return html`<${Sheet}
    open
    from="side"
    class="wide"
    title=${bar.label}
    onClose=${onClose}
    data-testid="pareto-reports"
  >
    ${
      results.error && !results.data
        ? html`<${Problem} error=${results.error} retry=${results.load} />`
        : html`<${Table}
            compact
            label=${bar.label}
            columns=${columns}
            rows=${results.data}
            rowKey=${(r) => r.id}
            empty=${html`<${Empty} icon="quality" title=${t("quality.none")} />`}
          />`
    }
  <//>`;
}
