import { html, useEffect, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { isoDay, zone } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { PRIORITIES } from "/js/screens/order/details.js";
import { ItemPicker } from "/js/screens/orders/item-picker.js";

const BLANK = { item: null, quantity: "", day: "", time: "18:00", priority: "50", customer: "", sales_order: "", note: "" };
const WEEK_MS = 7 * 86400000;

/** A day and a time of the shop's own clock, as an instant. */
function instant(day, time) {
  const asUtc = new Date(`${day}T${time}:00Z`);
  const there = new Date(`${asUtc.toLocaleString("sv-SE", { timeZone: zone.value }).replace(" ", "T")}Z`);
  return new Date(2 * asUtc - there).toISOString();
}

export function NewOrder({ open, onClose, onCreated }) {
  const [form, setForm] = useState(BLANK);
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const create = useAction(
    (key) => {
      const body = { item: form.item.code, quantity: form.quantity, due_at: instant(form.day, form.time), priority: Number(form.priority) };
      for (const name of ["customer", "sales_order", "note"]) if (form[name].trim()) body[name] = form[name].trim();
      return post("/orders/work-orders", body, { key });
    },
    { done: onCreated, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setForm({ ...BLANK, day: isoDay(Date.now() + WEEK_MS) });
    create.forget();
  }, [open]);
  const { problem } = create;
  const ready = form.item && Number(form.quantity) > 0 && form.day && form.time;
  const submit = (event) => {
    event.preventDefault();
    if (ready) create.go();
  };
  return html`<${Sheet} open=${open} onClose=${onClose} from="side" title=${t("orders.new")} data-testid="new-order"
      footer=${html`<${Button} onClick=${onClose}>${t("action.cancel")}<//><${Button} kind="primary" busy=${create.busy} disabled=${!ready} data-testid="order-create" onClick=${submit}>${t("orders.create")}<//>`}>
    <form class="form" onSubmit=${submit}>
      ${problem && !problem.errors?.length && html`<${Notice} tone="stop" title=${problemText(problem)}>${t("form.kept")}<//>`}
      ${create.waiting && html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>${t("form.kept")}<//>`}
      <${ItemPicker} item=${form.item} onPick=${change("item")} error=${problem?.field?.("item") ?? problem?.field?.("routing")} />
      <${Field} label=${form.item ? t("orders.quantity_in", { unit: form.item.unit }) : t("field.quantity")} inputmode="decimal" autocomplete="off" value=${form.quantity} onInput=${(value) => change("quantity")(value.replace(/[^\d.]/g, ""))} error=${problem?.field?.("quantity")} data-testid="order-quantity" />
      <div class="form two">
        <${Field} label=${t("field.due_at")} type="date" value=${form.day} onInput=${change("day")} error=${problem?.field?.("due_at")} data-testid="order-due" />
        <${Field} label=${t("orders.due_time")} type="time" value=${form.time} onInput=${change("time")} />
      </div>
      <${Field} label=${t("field.priority")} value=${form.priority} onInput=${change("priority")} options=${PRIORITIES.map((one) => ({ value: one.value, label: one.label() }))} />
      <div class="form two">
        <${Field} label=${t("field.customer")} value=${form.customer} onInput=${change("customer")} maxlength="200" />
        <${Field} label=${t("field.sales_order")} value=${form.sales_order} onInput=${change("sales_order")} maxlength="100" />
      </div>
      <${Field} label=${t("field.note")} rows="3" value=${form.note} onInput=${change("note")} maxlength="500" />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("orders.create")}</button>
    </form>
  <//>`;
}
