// What is done with a quantity of a lot: a part taken off, all of it counted, some of it shipped. Where the lot has
// numbered pieces, it is said which of them go, or were seen.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { quantityText, useDecimals } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";
import { bounds, suggested } from "/pages/quality/lot/numbers.js";
import { SerialChoice, useNumbers } from "/pages/quality/lot/serials.js";
import { lotPath } from "/pages/quality/lots/texts.js";

/** The fields beside the quantity; those that are `needed`; and what is told when it is done. */
export const SHEETS = {
  split: { fields: ["lot"], needed: [], least: 0, told: (part) => part.lot },
  count: { fields: ["reason"], needed: ["reason"], least: -1, told: (lot) => lot.lot },
  ship: { fields: ["customer", "reference"], needed: ["customer"], least: 0, told: (movement) => movement.customer },
};
const LABELS = {
  lot: () => t("lots.own_number"),
  reason: () => t("reason.label"),
  customer: () => t("field.customer"),
  reference: () => t("lots.reference"),
};

/** All of a lot goes to the customer of its order, most of the time. */
const usual = (kind, lot) => (kind === "ship" ? { quantity: lot.remaining } : { quantity: "" });
const customerOf = (lot) =>
  get(`/orders/work-orders/${encodeURIComponent(lot.number)}`).then(
    (order) => order.customer ?? "",
    () => "",
  );

/** What stands in the sheet: its texts by field; `picked` (a Set) once somebody has chosen numbers. */
function useForm(kind, lot) {
  const [form, setForm] = useState({});
  const [picked, setPicked] = useState(null);
  useEffect(() => {
    let current = true;
    setForm(kind ? usual(kind, lot) : {});
    setPicked(null);
    if (kind === "ship" && lot.number)
      customerOf(lot).then((customer) => current && setForm((now) => ({ customer, ...now })));
    return () => (current = false);
  }, [kind]);
  const change = (name, value) => setForm((now) => ({ ...now, [name]: value }));
  return { form, change, picked, setPicked };
}

export function QuantitySheet({ kind, lot, onClose, onDone }) {
  const { form, change, picked, setPicked } = useForm(kind, lot);
  const [isTyped, setIsTyped] = useState(false);
  const sheet = SHEETS[kind];
  // by the bill of material less than a piece may be left
  const decimals = Math.max(useDecimals(lot.unit), lot.remaining.split(".")[1]?.length ?? 0);
  const numbers = useNumbers(lot, Boolean(sheet));
  const codes = numbers.codes ?? [];
  const amount = Number(form.quantity);
  const chosen = picked ?? new Set(form.quantity ? suggested(kind, codes, Number(lot.remaining), amount) : []);
  const limits = bounds(kind, codes.length, Number(lot.remaining), amount);
  const body = {
    ...Object.fromEntries(
      Object.entries(form)
        .map(([name, value]) => [name, value.trim()])
        .filter(([, value]) => value),
    ),
    ...(chosen.size ? { serials: [...chosen] } : {}),
  };
  const save = useAction((key) => post(`${lotPath(lot.lot)}/${kind}`, body, { key }), {
    done: onDone,
    failed: () => numbers.load(),
  });
  useEffect(() => {
    setIsTyped(false);
    save.forget();
  }, [kind]);
  if (!sheet) return null;
  /** Who scans the pieces need not count them: the quantity follows, as long as nobody has typed one. */
  const choose = (next) => {
    setPicked(next);
    if (!isTyped && kind !== "count" && codes.length >= Number(lot.remaining))
      change("quantity", next.size ? String(next.size) : "");
  };
  const ready =
    body.quantity &&
    amount > sheet.least &&
    sheet.needed.every((name) => body[name]) &&
    numbers.codes &&
    (!codes.length || (chosen.size >= limits.least && chosen.size <= limits.most));
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go();
  };
  const field = (name, more = {}) =>
    html`<${Field}
      key=${name}
      label=${LABELS[name]?.()}
      value=${form[name] ?? ""}
      onInput=${(value) => change(name, value)}
      error=${save.problem?.field?.(name)}
      autocomplete="off"
      data-testid="${kind}-${name}"
      ...${more}
    />`;
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${t(`lots.${kind}_title`, { lot: lot.lot })}
    data-testid="${kind}-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${save.busy} disabled=${!ready} data-testid="${kind}-submit" onClick=${submit}>
        ${t(`lots.${kind}`)}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${save} fields=${["quantity", "serials", ...sheet.fields]} />
      ${field("quantity", {
        label: `${t(`lots.${kind}_quantity`)} (${lot.unit})`,
        inputmode: decimals ? "decimal" : "numeric",
        autofocus: true,
        onInput: (value) => {
          setIsTyped(Boolean(value));
          setPicked(null);
          change("quantity", quantityText(value, decimals));
        },
        hint: t("lots.left_hint", { n: `${number(lot.remaining)} ${lot.unit}` }),
      })}
      ${
        !numbers.codes &&
        (numbers.error
          ? html`<${Problem} error=${numbers.error} retry=${numbers.load} />`
          : html`<${Skeleton} rows="3" height="36" />`)
      }
      ${
        (codes.length > 0 || (kind === "count" && lot.serials > 0 && numbers.codes)) &&
        html`<${SerialChoice}
          kind=${kind}
          codes=${codes}
          chosen=${chosen}
          limits=${limits}
          onChoose=${choose}
          takesOthers=${kind === "count"}
          error=${save.problem?.field?.("serials")}
        />`
      }
      ${sheet.fields.map((name) =>
        field(name, name === "lot" ? { hint: t("lots.own_number_hint"), spellcheck: "false" } : {}),
      )}
      <button type="submit" class="visually-hidden" tabindex="-1">${t(`lots.${kind}`)}</button>
    </form>
  <//>`;
}
