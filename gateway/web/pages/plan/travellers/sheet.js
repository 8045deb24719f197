// One order on paper: A4, black on white, with room to write.
import { html } from "/js/lib/html.js";
import { clock, dated, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { site } from "/js/lib/session.js";
import { orderDisplay } from "/js/lib/display.js";
import { priorityWord } from "/pages/plan/order/details.js";

export const Code = ({ svg, text }) =>
  html`<img class="qr" src="data:image/svg+xml,${encodeURIComponent(svg)}" alt=${text} />`;
const date = (value) =>
  value ? dated(value, { year: "numeric", month: "short", day: "numeric", weekday: "short" }) : "";

/** Standard time as people at the machine say it: seconds a piece, and the set-up before. */
function standard(step) {
  const parts = [];
  if (Number(step.piece_s) > 0) parts.push(t("traveller.cycle", { n: number(step.piece_s) }));
  if (Number(step.setup_s) > 0) parts.push(t("traveller.setup", { n: number(Number(step.setup_s) / 60, 1) }));
  return parts;
}

function Step({ step, unit }) {
  return html`<tr>
    <td class="op">${step.op}</td>
    <td>
      <b>${local(step.name)}</b>
      <small>${[step.machine ?? step.work_center ?? t("order.outside"), step.tool].filter(Boolean).join(" · ")}</small>
      <small>${standard(step).join(" · ")}</small>
      ${
        step.instruction &&
        html`<small>
          ${t("instructions.one")} ${step.instruction} · ${t("instructions.revision_n", {
            n: step.instruction_revision,
          })}
        </small>`
      }
    </td>
    <td class="end"><b>${number(step.planned)}</b><small>${unit}</small></td>
    <td class="blank"></td>
    <td class="blank"></td>
    <td class="blank"></td>
    <td class="blank wide"></td>
    <td class="code"><${Code} svg=${step.qr_svg} text=${step.qr_text} /></td>
  </tr>`;
}

export function Sheet({ traveller }) {
  const { order, operations, materials } = traveller;
  const fact = (name, value) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<article class="traveller" tabindex="0" data-testid="traveller-${order.number}">
    <header>
      <div class="grow">
        <p class="shop">${local(site.value?.name)}</p>
        <h1>${t("traveller.title")}</h1>
        <p class="number">
          ${order.number}
          ${order.priority < 40 && html`<span class="urgent">${icon("flag")}${priorityWord(order.priority)}</span>`}
          ${!order.released_at && html`<span class="draft">${orderDisplay(order.state).label}</span>`}
        </p>
      </div>
      <${Code} svg=${traveller.qr_svg} text=${traveller.qr_text} />
    </header>
    <section class="what">
      <div class="item">
        <small>${t("field.item")}</small>
        <b>${order.item}</b>
        <span>${local(order.item_name)}</span>
      </div>
      <div class="quantity">
        <small>${t("field.quantity")}</small>
        <b>${number(order.quantity)}</b>
        <span>${order.unit}</span>
      </div>
      <div class="due">
        <small>${t("field.due_at")}</small>
        <b>${date(order.due_at)}</b>
        <span>${clock(order.due_at)}</span>
      </div>
    </section>
    <dl class="facts">
      ${fact(t("field.customer"), order.customer)}
      ${fact(t("field.sales_order"), order.sales_order)}
      ${fact(t("field.external_id"), order.external_id)}
      ${fact(t("order.released_at"), date(order.released_at))}
      ${fact(t("field.note"), order.note)}
    </dl>
    <table class="steps">
      <thead>
        <tr>
          <th>${t("traveller.op")}</th>
          <th>${t("traveller.step")}</th>
          <th class="end">${t("traveller.planned")}</th>
          <th>${t("count.good")}</th>
          <th>${t("count.scrap")}</th>
          <th>${t("traveller.worker")}</th>
          <th>${t("traveller.time")}</th>
          <th></th>
        </tr>
      </thead>
      <tbody>${operations.map((step) => html`<${Step} key=${step.op} step=${step} unit=${order.unit} />`)}</tbody>
    </table>
    ${!operations.length && html`<p class="empty-line">${t("order.no_operations")}</p>`}
    ${
      materials.length > 0 &&
      html`<section class="materials">
        <h2>${t("traveller.materials")}</h2>
        <table>
          <thead>
            <tr>
              <th>${t("field.item")}</th>
              <th class="end">${t("traveller.needed")}</th>
              <th>${t("traveller.lot")}</th>
              <th>${t("traveller.issued")}</th>
            </tr>
          </thead>
          <tbody>
            ${materials.map(
              (one) =>
                html`<tr key=${one.component}>
                  <td><b>${one.component}</b> ${local(one.name)}</td>
                  <td class="end"><b>${number(one.planned)}</b> ${one.unit}</td>
                  <td class="blank"></td>
                  <td class="blank"></td>
                </tr>`,
            )}
          </tbody>
        </table>
      </section>`
    }
    <section class="write"><h2>${t("traveller.remarks")}</h2></section>
    <footer>
      <span><b>${order.number}</b> · ${t("traveller.printed", { at: date(Date.now()) })}</span>
      <div class="signs">
        <span>${t("traveller.made_by")}</span>
        <span>${t("traveller.checked_by")}</span>
        <span>${t("traveller.approved_by")}</span>
      </div>
    </footer>
  </article>`;
}
