// A lot that came in, now or some time ago, or more of one. Its number comes from the item's rule when the label has
// none of ours.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { clock, instant, isoDay, number } from "/js/lib/format.js";
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

const PAUSE_MS = 250;
const MINUTE_MS = 60_000;
/** Of these more may come in; other lots are made in the house, and count as reported. */
const GROWING = ["received", "unreceived"];

/** The lot that has the number already, once the typing rests; null when there is none. */
function useKnown(code) {
  const [known, setKnown] = useState(null);
  useEffect(() => {
    setKnown(null);
    if (!code) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const { items } = await get("/production/lots", { q: code, limit: 50 }).catch(() => ({ items: [] }));
      if (current) setKnown(items.find((one) => one.lot === code) ?? null);
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [code]);
  return known;
}

/** When it came in: {day, time, touched}; untouched it is the moment at which it is recorded. */
const now = () => ({ day: isoDay(Date.now()), time: clock(Date.now()), touched: false });
const isAhead = (at) => at.touched && Date.parse(instant(at.day, at.time)) > Date.now() + MINUTE_MS;

export function Receive({ open, onClose, onReceived }) {
  const [form, setForm] = useState(BLANK);
  const [item, setItem] = useState(null);
  const units = useUnitsOf(item);
  const decimals = useDecimals(item?.unit);
  const [at, setAt] = useState(now);
  const known = useKnown(form.lot.trim());
  const isDated = Boolean(at.day && at.time);
  const body = {
    ...Object.fromEntries(
      Object.entries(form)
        .map(([name, value]) => [name, value.trim()])
        .filter(([, value]) => value),
    ),
    ...(at.touched && isDated ? { at: instant(at.day, at.time) } : {}),
  };
  const receive = useAction((key) => post("/production/lots", body, { key }), { done: onReceived, failed: () => {} });
  useEffect(() => {
    if (!open) return;
    setForm(BLANK);
    setItem(null);
    setAt(now());
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
  const isGrown = known && known.item === form.item && GROWING.includes(known.origin);
  const isTaken = known && form.item && !isGrown;
  const ready = form.item && amountOf(form.quantity) > 0 && isDated && !isAhead(at) && !isTaken;
  const submit = (event) => {
    event.preventDefault();
    if (ready) receive.go();
  };
  const field = (name, more = {}) =>
    html`<${Field}
      label=${t(`lots.${name}`)}
      value=${form[name]}
      onInput=${(value) => setForm((before) => ({ ...before, [name]: value }))}
      error=${receive.problem?.field?.(name)}
      autocomplete="off"
      data-testid="lot-${name}"
      ...${more}
    />`;
  const when = (part, more) =>
    html`<${Field}
      value=${at[part]}
      onInput=${(value) => setAt((before) => ({ ...before, [part]: value, touched: true }))}
      data-testid="lot-${part}"
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
      <${FormNews} action=${receive} fields=${[...Object.keys(BLANK), "at"]} />
      <${Picker}
        label=${t("field.item")}
        value=${form.item}
        find=${find}
        onPick=${(code) => setForm((before) => ({ ...before, item: code, unit: "" }))}
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
        onUnit=${(unit) => setForm((before) => ({ ...before, unit }))}
        onInput=${(quantity) => setForm((before) => ({ ...before, quantity }))}
        error=${receive.problem?.field?.("quantity")}
        unitError=${receive.problem?.field?.("unit")}
        data-testid="lot-quantity"
      />
      <div class="two">
        ${when("day", {
          label: t("lots.received_on"),
          type: "date",
          max: isoDay(Date.now()),
          error: isDated && isAhead(at) ? t("lots.received_ahead") : receive.problem?.field?.("at"),
        })}
        ${when("time", { label: t("lots.received_at"), type: "time" })}
      </div>
      ${field("lot", {
        label: t("lots.own_number"),
        hint: isGrown
          ? t("lots.more_of", { n: `${number(known.remaining)} ${known.unit}` })
          : t("lots.own_number_hint"),
        error: isTaken ? t("lots.taken", { item: known.item }) : receive.problem?.field?.("lot"),
        spellcheck: "false",
        maxlength: "60",
      })}
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
      <button type="submit" class="visually-hidden" tabindex="-1">${t("lots.receive")}</button>
    </form>
  <//>`;
}
