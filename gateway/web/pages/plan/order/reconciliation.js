// Where an order's pieces are: what each operation received, made, scrapped, and still has.
import { html } from "/js/lib/html.js";
import { moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Notice } from "/js/components/feedback.js";
import { Verdict } from "/pages/plan/order/tolerance.js";

const some = (value) => Number(value) !== 0;

/** `person(code)` gives a name. */
export function Reconciliation({ order, balance, person = (code) => code }) {
  const difference = Number(balance.difference);
  const { materials } = balance;
  const cell = (value, tone = "") => html`<td class="end ${some(value) ? tone : "muted"}">${number(value)}</td>`;
  return html`<div class="reconciliation stack">
    <div class="figures">
      <div class="figure"><span>${t("reconcile.ordered")}</span><b>${number(balance.quantity)}</b></div>
      <div class="figure"><span>${t("count.good")}</span><b class="tone-run">${number(balance.good)}</b></div>
      <div class="figure">
        <span>${t("count.scrap")}</span>
        <b class=${some(balance.scrap) ? "tone-stop" : ""}>${number(balance.scrap)}</b>
      </div>
      <div class="figure ${difference < 0 ? "warn" : ""}">
        <span>${t("reconcile.difference")}</span>
        <b>${difference > 0 ? "+" : ""}${number(balance.difference)}</b>
      </div>
    </div>
    <${Verdict} order=${order} made=${balance} />
    <div class="card table-card" tabindex="0">
      <table class="table compact" aria-label=${t("reconcile.title")}>
        <thead>
          <tr>
            <th>${t("results.op")}</th>
            <th class="end">${t("reconcile.received")}</th>
            <th class="end">${t("count.good")}</th>
            <th class="end">${t("count.scrap")}</th>
            <th class="end">${t("count.rework")}</th>
            <th class="end">${t("reconcile.in_process")}</th>
          </tr>
        </thead>
        <tbody>
          ${balance.operations.map(
            (one) =>
              html`<tr key=${one.op}>
                <td><span class="first">${one.op}</span> ${local(one.name)}</td>
                ${cell(one.received)}
                ${cell(one.good, "tone-run")}
                ${cell(one.scrap, "tone-stop")}
                ${cell(one.rework, "tone-warn")}
                ${cell(one.in_process, "tone-warn")}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${balance.operations
      .filter((one) => some(one.unreported))
      .map(
        (one) =>
          html`<${Notice}
            key=${one.op}
            tone="warn"
            icon="warning"
            title=${t("reconcile.unreported", { op: one.op, n: number(one.unreported) })}
            data-testid="unreported-${one.op}"
          >
            ${t("reconcile.unreported_text")}
          <//>`,
      )}
    ${
      materials.length > 0 &&
      html`<div class="card table-card" tabindex="0">
        <table class="table compact" aria-label=${t("reconcile.materials")}>
          <thead>
            <tr>
              <th>${t("reconcile.materials")}</th>
              <th class="end">${t("reconcile.needed")}</th>
              <th class="end">${t("reconcile.standard")}</th>
            </tr>
          </thead>
          <tbody>
            ${materials.map(
              (one) =>
                html`<tr key=${one.component}>
                  <td><span class="first">${one.component}</span> ${local(one.name)}</td>
                  <td class="end">${number(one.planned)} ${one.unit}</td>
                  <td class="end">${number(one.standard)} ${one.unit}</td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
    ${
      balance.revisions?.length > 1 &&
      html`<div class="card table-card" tabindex="0">
        <table class="table compact" aria-label=${t("reconcile.revisions")} data-testid="reconcile-revisions">
          <thead>
            <tr>
              <th>${t("reconcile.revisions")}</th>
              <th class="end">${t("count.good")}</th>
              <th class="end">${t("count.scrap")}</th>
              <th class="end">${t("reconcile.difference")}</th>
              <th>${t("reconcile.why")}</th>
            </tr>
          </thead>
          <tbody>
            ${balance.revisions.map(
              (one) =>
                html`<tr key=${one.revision}>
                  <td>
                    <span class="first">${one.revision}</span> ${moment(one.at)}
                    <span class="second">${person(one.person)}</span>
                  </td>
                  <td class="end">${number(one.good)}</td>
                  <td class="end">${number(one.scrap)}</td>
                  <td class="end">${number(one.difference)}</td>
                  <td>
                    ${one.reason === "after_close" ? t("reconcile.after_close") : (one.reason ?? t("history.close"))}
                  </td>
                </tr>`,
            )}
          </tbody>
        </table>
      </div>`
    }
    ${
      balance.closed_at &&
      html`<p class="muted row">
        ${icon("lock")}
        ${t("reconcile.closed", { at: moment(balance.closed_at), person: person(balance.closed_by) })}
      </p>`
    }
  </div>`;
}
