// A lot that came in. Its number comes from the item's rule when the label has none of ours.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { local, t } from "/js/lib/i18n.js";
import { useDecimals, useUnitsOf, amountOf } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Picker } from "/js/components/picker.js";
import { QuantityField } from "/js/components/quantity.js";
import { Sheet } from "/js/components/sheet.js";

const BLANK = {
  item: "",
  quantity: "",
  unit: "",
  lot: "",
  supplier_lot: "",
  supplier: "",
  produced_on: "",
  expires_on: "",
  location: "",
};
const find = async (q) =>
  (await get("/orders/items", { q, limit: 50 }).catch(() => ({ items: [] }))).items
    .filter((one) => one.active)
    .map((one) => ({ value: one.code, note: local(one.name), item: one }));

export function Receive({ open, onClose, onReceived }) {
  const [form, setForm] = useState(BLANK);
  const [item, setItem] = useState(null);
  const units = useUnitsOf(item);
  const decimals = useDecimals(item?.unit);
  const body = Object.fromEntries(
    Object.entries(form)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  );
  const receive = useAction((key) => post("/production/lots", body, { key }), { done: onReceived, failed: () => {} });
  useEffect(() => {
    if (!open) return;
    setForm(BLANK);
    setItem(null);
    receive.forget();
  }, [open]);
  useEffect(() => {
    let current = true;
    if (!form.item) setItem(null);
    else
      get(`/orders/items/${encodeURIComponent(form.item)}`).then(
        (found) => current && setItem(found),
        () => current && setItem(null),
      );
    return () => (current = false);
  }, [form.item]);
  const ready = form.item && amountOf(form.quantity) > 0;
  const submit = (event) => {
    event.preventDefault();
    if (ready) receive.go();
  };
  const field = (name, more = {}) =>
    html`<${Field}
      label=${t(`lots.${name}`)}
      value=${form[name]}
      onInput=${(value) => setForm((now) => ({ ...now, [name]: value }))}
      error=${receive.problem?.field?.(name)}
      autocomplete="off"
      data-testid="lot-${name}"
      ...${more}
    />`;
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    from="side"
    title=${t("lots.receive")}
    data-testid="receive-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${receive.busy} disabled=${!ready} data-testid="receive-submit" onClick=${submit}>
        ${t("lots.receive")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${receive} fields=${Object.keys(BLANK)} />
      <${Picker}
        label=${t("field.item")}
        value=${form.item}
        find=${find}
        onPick=${(code) => setForm((now) => ({ ...now, item: code, unit: "" }))}
        note=${item && `${local(item.name)} · ${item.unit}`}
        error=${receive.problem?.field?.("item")}
        placeholder=${t("orders.item_placeholder")}
        data-testid="lot-item"
      />
      <${QuantityField}
        label=${t("field.quantity")}
        value=${form.quantity}
        decimals=${decimals}
        unit=${form.unit || item?.unit}
        units=${units}
        onUnit=${(unit) => setForm((now) => ({ ...now, unit }))}
        onInput=${(quantity) => setForm((now) => ({ ...now, quantity }))}
        error=${receive.problem?.field?.("quantity")}
        unitError=${receive.problem?.field?.("unit")}
        data-testid="lot-quantity"
      />
      ${field("supplier")}
      ${field("supplier_lot", { hint: t("lots.supplier_lot_hint") })}
      <div class="two">
        ${field("produced_on", { type: "date" })}
        ${field("expires_on", {
          type: "date",
          hint: item?.shelf_life_d ? t("lots.by_shelf_life", { n: item.shelf_life_d }) : undefined,
        })}
      </div>
      ${field("location")}
      ${field("lot", {
        label: t("lots.own_number"),
        hint: t("lots.own_number_hint"),
        spellcheck: "false",
        maxlength: "60",
      })}
      <button type="submit" class="visually-hidden" tabindex="-1">${t("lots.receive")}</button>
    </form>
  <//>`;
}
