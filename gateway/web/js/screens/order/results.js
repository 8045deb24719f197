// What was reported for an order; a leader can take a report back, which keeps both.
import { html, useState } from "/js/lib/html.js";
import { all, get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";

const scrapOf = (result) => result.scrap.reduce((sum, one) => sum + Number(one.quantity), 0);

async function read(order) {
  const [results, defects] = await Promise.all([all("/production/results", { work_order: order.id }), get("/quality/defects").catch(() => ({ items: [] }))]);
  return { results: results.sort((a, b) => b.recorded_at.localeCompare(a.recorded_at)), defects: Object.fromEntries(defects.items.map((one) => [one.code, local(one.name)])) };
}

function Mark({ result }) {
  if (result.reverses) return html`<${Chip} icon="undo">${t("results.reversal")}<//>`;
  if (result.reversed_by) return html`<${Chip}>${t("results.reversed")}<//>`;
  return html`<span class="row wrap">${(result.flags || []).map((flag) => html`<${Chip} key=${flag} tone="warn" icon="flag">${t(`flag.${flag}`)}<//>`)}</span>`;
}

/** `pulse` changes when something may have been reported. */
export function Results({ order, pulse }) {
  const [asked, setAsked] = useState(null);
  const results = useResource(() => read(order), [order.id, pulse]);
  const reverse = useAction((key, result, reason) => post(`/production/results/${result.id}/reverse`, { reason }, { key }), {
    done: () => {
      setAsked(null);
      toast(t("results.reversed_done"));
      results.load();
    },
    failed: (problem) => {
      setAsked(null);
      toastProblem(problem);
    },
  });
  const scrapWords = (result) => result.scrap.map((one) => `${results.data.defects[one.defect] ?? one.defect} ${number(one.quantity)}`).join(", ");
  const cell = (result, content) => html`<span class=${result.reversed_by ? "muted" : ""}>${content}</span>`;
  const columns = [
    { key: "at", label: t("results.at"), sort: (r) => r.at, render: (r) => cell(r, html`<span class="nowrap">${moment(r.at)}</span>`) },
    { key: "op", label: t("results.op"), sort: (r) => r.op, render: (r) => cell(r, html`${r.op}<span class="second">${r.machine ?? ""}</span>`) },
    { key: "person", class: "wide-only", label: t("results.person"), sort: (r) => r.person, render: (r) => cell(r, r.person ?? "–") },
    { key: "good", label: t("count.good"), align: "end", sort: (r) => Number(r.good), render: (r) => cell(r, html`<b>${number(r.good)}</b>`) },
    { key: "scrap", label: t("count.scrap"), align: "end", sort: scrapOf, render: (r) => cell(r, html`${number(scrapOf(r))}<span class="second">${scrapWords(r)}</span>`) },
    { key: "mark", label: "", render: (r) => html`<${Mark} result=${r} />` },
    { key: "undo", label: "", align: "end", render: (r) => may("leader") && !r.reverses && !r.reversed_by && !r.returned_by && html`<${Button} kind="quiet" size="small" icon="undo" data-testid="reverse-${r.id}" onClick=${() => setAsked(r)}>${t("results.reverse")}<//>` },
  ];
  return html`<section class="stack">
    <h2>${t("results.title")}</h2>
    ${results.error && !results.data ? html`<div class="card"><${Problem} error=${results.error} retry=${results.load} /></div>` : html`
      <${Table} compact label=${t("results.title")} columns=${columns} rows=${results.data?.results} rowKey=${(r) => r.id} empty=${html`<${Empty} icon="box" title=${t("results.none")} text=${t("results.none_text")} />`} />`}
    <${ReasonDialog} open=${asked !== null} onClose=${() => setAsked(null)} kind="correction" tone="danger" busy=${reverse.busy} title=${t("results.reverse_title")}
      text=${asked && t("results.reverse_text", { good: number(asked.good), scrap: number(scrapOf(asked)) })} confirm=${t("results.reverse")} onConfirm=${(reason) => reverse.go(asked, reason)} />
  </section>`;
}
