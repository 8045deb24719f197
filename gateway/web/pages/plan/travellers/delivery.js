// What goes with pieces to a subcontractor (외주 출고증): one sheet with two halves, one for each side.
import { html } from "/js/lib/html.js";
import { clock, day, moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { site } from "/js/lib/session.js";
import { Code } from "/pages/plan/travellers/sheet.js";

function Half({ traveller, step, sending, copy }) {
  const { order } = traveller;
  const fact = (name, value) => value && html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<section class="delivery" data-testid="delivery-${copy}">
    <header>
      <div class="grow">
        <p class="shop">${local(site.value?.name)} · ${copy === "keep" ? t("delivery.keep") : t("delivery.give")}</p>
        <h1>${t("outside.note")}</h1>
        <p class="number">${order.number} · ${step.op} ${local(step.name)}</p>
      </div>
      <${Code} svg=${step.qr_svg} text=${step.qr_text} />
    </header>
    <div class="what">
      <div class="item">
        <small>${t("field.item")}</small>
        <b>${order.item}</b>
        <span>${local(order.item_name)}</span>
      </div>
      <div class="quantity">
        <small>${t("field.quantity")}</small>
        <b>${number(sending.quantity)}</b>
        <span>${order.unit}</span>
      </div>
      <div class="due">
        <small>${t("outside.due_day")}</small>
        <b>${sending.due_at && day(sending.due_at)}</b>
        <span>${sending.due_at && clock(sending.due_at)}</span>
      </div>
    </div>
    <dl class="facts">
      ${fact(t("outside.supplier"), sending.supplier)}
      ${fact(t("delivery.sent"), moment(sending.at))}
      ${fact(t("field.note"), sending.note)}
    </dl>
    <table>
      <thead>
        <tr>
          <th>${t("delivery.back_at")}</th>
          <th>${t("count.good")}</th>
          <th>${t("count.scrap")}</th>
          <th>${t("field.note")}</th>
        </tr>
      </thead>
      <tbody>
        ${[1, 2].map(
          (row) =>
            html`<tr key=${row}>
              <td class="blank"></td>
              <td class="blank"></td>
              <td class="blank"></td>
              <td class="blank wide"></td>
            </tr>`,
        )}
      </tbody>
    </table>
    <footer>
      <span></span>
      <div class="signs"><span>${t("delivery.handed")}</span><span>${t("delivery.taken")}</span></div>
    </footer>
  </section>`;
}

/** `sending` of the operation `op` of the traveller's order. */
export function DeliveryNote({ traveller, op, sending }) {
  const step = traveller.operations.find((one) => one.op === op);
  return html`<article class="traveller deliveries" tabindex="0" data-testid="delivery-note">
    ${["keep", "give"].map(
      (copy) => html`<${Half} key=${copy} traveller=${traveller} step=${step} sending=${sending} copy=${copy} />`,
    )}
  </article>`;
}
