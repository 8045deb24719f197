// What was reported for an order. Who may takes a report back or says what it should have been; all of it stays
// readable.
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
import { CorrectSheet } from "/pages/plan/order/correct.js";
import { Verdict } from "/pages/plan/order/tolerance.js";

const scrapOf = (result) => result.scrap.reduce((sum, one) => sum + Number(one.quantity), 0);
/** What a correction always is, so that it says nothing about the pieces. */
const OF_CORRECTING = ["late", "after_finish"];
const before = (result) => result.corrects_id ?? result.reverses_id;

/** The ledger, the newest first; a report with what took it back and what stands for it now stays together. Pure. */
export function inChains(ledger) {
  const rows = new Map(ledger.map((result) => [result.id, result]));
  const first = (result) => (rows.has(before(result)) ? first(rows.get(before(result))) : result.id);
  const chains = new Map();
  for (const result of ledger.toReversed()) {
    const chain = first(result);
    if (!chains.has(chain)) chains.set(chain, []);
    chains.get(chain).push(result);
  }
  return [...chains.values()].flat();
}

async function read(order) {
  const [ledger, defects] = await Promise.all([
    all("/production/results", { work_order: order.id }),
    get("/quality/defects").catch(() => ({ items: [] })),
  ]);
  const reversals = new Map(ledger.filter((one) => one.reverses_id).map((one) => [one.reverses_id, one]));
  const corrections = new Map(ledger.filter((one) => one.corrects_id).map((one) => [one.corrects_id, one]));
  return {
    results: inChains(ledger),
    reversals,
    corrections,
    defects: Object.fromEntries(defects.items.map((one) => [one.code, one.name])),
  };
}

/**
 * What a row of the ledger is: a report, one that was taken back or corrected, what took it back, or what stands for
 * it. `said` is its reversal.
 */
function Mark({ result, said, isCorrected, person }) {
  const why = (reversal) =>
    html`<span class="second">
      ${[result.reason, person(reversal.person), moment(reversal.recorded_at)].filter(Boolean).join(" · ")}
    </span>`;
  if (result.reverses_id) return html`<${Chip} icon="undo">${t("results.reversal")}<//>${!isCorrected && why(result)}`;
  if (result.reversed_by_id)
    return html`<${Chip} icon=${isCorrected ? "edit" : "close"}>
      ${isCorrected ? t("results.was_corrected") : t("results.reversed")}
    <//>`;
  if (result.returned_by_id) return html`<${Chip} icon="undo">${t("results.returned")}<//>`;
  return html`
    <span class="row wrap">
      ${result.corrects_id && html`<${Chip} tone="brand" icon="edit">${t("results.correction")}<//>`}
      ${result.flags
        .filter((flag) => !result.corrects_id || !OF_CORRECTING.includes(flag))
        .map((flag) => html`<${Chip} key=${flag} tone="warn" icon="flag">${t(`flag.${flag}`)}<//>`)}
    </span>
    ${said && why(said)}
  `;
}

/**
 * `pulse` changes when something may have been reported; `person(code)` gives a name; `onDone()` after a report was
 * taken back or corrected.
 */
export function Results({ order, pulse, person, onDone }) {
  const [asked, setAsked] = useState(null);
  const results = useResource(() => read(order), [order.id, pulse]);
  const close = () => setAsked(null);
  const done = (words) => {
    close();
    toast(words);
    results.load();
    onDone();
  };
  const reverse = useAction(
    (key, result, reason) => post(`/production/results/${result.id}/reverse`, { reason }, { key }),
    {
      done: () => done(t("results.reversed_done")),
      failed: (problem) => {
        close();
        toastProblem(problem);
      },
    },
  );
  const { reversals, corrections, defects } = results.data ?? {};
  const found = (word, quantity) => html`<span class="second nowrap">${word} ${number(quantity)}</span>`;
  const cell = (result, content) => (result.reversed_by_id ? html`<del class="muted">${content}</del>` : content);
  const isOpen = (result) =>
    may("leader", "quality") && !result.reverses_id && !result.reversed_by_id && !result.returned_by_id;
  const columns = [
    {
      key: "at",
      label: t("results.at"),
      sort: (r) => r.at,
      render: (r) => cell(r, html`<span class="nowrap">${moment(r.at)}</span>`),
    },
    {
      key: "op",
      label: t("results.op"),
      sort: (r) => r.op,
      render: (r) =>
        cell(
          r,
          html`<span class="narrow">${t("results.op")} </span>${r.op}<span class="second">${r.machine ?? ""}</span>`,
        ),
    },
    {
      key: "person",
      class: "wide-only",
      label: t("results.person"),
      sort: (r) => r.person,
      render: (r) => cell(r, r.person ? person(r.person) : "–"),
    },
    {
      key: "good",
      label: t("count.good"),
      align: "end",
      sort: (r) => Number(r.good),
      render: (r) => cell(r, html`<span class="narrow">${t("count.good")} </span><b>${number(r.good)}</b>`),
    },
    {
      key: "scrap",
      label: t("count.scrap"),
      align: "end",
      sort: scrapOf,
      render: (r) =>
        cell(
          r,
          html`
            <span class="narrow">${t("count.scrap")} </span>
            ${number(scrapOf(r))}
            ${r.scrap.map((one) => found(local(defects[one.defect]) || one.defect, one.quantity))}
            ${Number(r.rework) !== 0 && found(t("count.rework"), r.rework)}
          `,
        ),
    },
    {
      key: "mark",
      label: "",
      render: (r) =>
        html`<${Mark}
          result=${r}
          said=${reversals.get(r.corrects_id)}
          isCorrected=${corrections.has(r.reverses_id ?? r.id)}
          person=${person}
        />`,
    },
    {
      key: "undo",
      label: "",
      align: "end",
      render: (r) =>
        isOpen(r) &&
        html`<span class="results-do">
          <${Button}
            kind="quiet"
            size="small"
            icon="edit"
            data-testid="correct-${r.id}"
            onClick=${() => setAsked({ correct: r })}
          >
            ${t("results.correct")}
          <//>
          <${Button}
            kind="quiet"
            size="small"
            icon="undo"
            data-testid="reverse-${r.id}"
            onClick=${() => setAsked({ reverse: r })}
          >
            ${t("results.reverse")}
          <//>
        </span>`,
    },
  ];
  const taken = asked?.reverse;
  return html`<section class="stack results">
    <h2>${t("results.title")}</h2>
    <${Verdict} order=${order} />
    ${
      results.error && !results.data
        ? html`<div class="card"><${Problem} error=${results.error} retry=${results.load} /></div>`
        : html`
            <${Table}
              compact
              label=${t("results.title")}
              columns=${columns}
              rows=${results.data?.results}
              rowKey=${(r) => r.id}
              empty=${html`<${Empty} icon="box" title=${t("results.none")} text=${t("results.none_text")} />`}
            />
          `
    }
    ${
      asked?.correct &&
      html`<${CorrectSheet}
        order=${order}
        result=${asked.correct}
        person=${person}
        onClose=${close}
        onDone=${() => done(t("results.corrected_done"))}
      />`
    }
    <${ReasonDialog}
      open=${Boolean(taken)}
      onClose=${close}
      kind="correction"
      tone="danger"
      busy=${reverse.busy}
      title=${t("results.reverse_title")}
      text=${taken && t("results.reverse_text", { good: number(taken.good), scrap: number(scrapOf(taken)) })}
      confirm=${t("results.reverse")}
      onConfirm=${(reason) => reverse.go(taken, reason)}
    />
  </section>`;
}
