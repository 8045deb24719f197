// What is done with a quantity of a lot: a part taken off, all of it counted, some of it shipped.
import { html, useEffect, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { quantityText, useDecimals } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";
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

export function QuantitySheet({ kind, lot, onClose, onDone }) {
  const [form, setForm] = useState({});
  const sheet = SHEETS[kind];
  // by the bill of material less than a piece may be left
  const decimals = Math.max(useDecimals(lot.unit), lot.remaining.split(".")[1]?.length ?? 0);
  const body = Object.fromEntries(
    Object.entries(form)
      .map(([name, value]) => [name, value.trim()])
      .filter(([, value]) => value),
  );
  const save = useAction((key) => post(`${lotPath(lot.lot)}/${kind}`, body, { key }), {
    done: onDone,
    failed: () => {},
  });
  useEffect(() => {
    setForm({ quantity: "" });
    save.forget();
  }, [kind]);
  if (!sheet) return null;
  const ready = body.quantity && Number(body.quantity) > sheet.least && sheet.needed.every((name) => body[name]);
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go();
  };
  const field = (name, more = {}) =>
    html`<${Field}
      key=${name}
      label=${LABELS[name]?.()}
      value=${form[name] ?? ""}
      onInput=${(value) => setForm((now) => ({ ...now, [name]: value }))}
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
      <${FormNews} action=${save} fields=${["quantity", ...sheet.fields]} />
      ${field("quantity", {
        label: `${t(`lots.${kind}_quantity`)} (${lot.unit})`,
        inputmode: decimals ? "decimal" : "numeric",
        onInput: (text) => setForm((now) => ({ ...now, quantity: quantityText(text, decimals) })),
        autofocus: true,
        hint: t("lots.left_hint", { n: `${number(lot.remaining)} ${lot.unit}` }),
      })}
      ${sheet.fields.map((name) =>
        field(name, name === "lot" ? { hint: t("lots.own_number_hint"), spellcheck: "false" } : {}),
      )}
      <button type="submit" class="visually-hidden" tabindex="-1">${t(`lots.${kind}`)}</button>
    </form>
  <//>`;
}
