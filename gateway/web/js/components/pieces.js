// The pieces of a report in a form: good, scrap by defect, and rework where it is asked for. Quantities are typed, so
// they are texts.
import { html } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { quantityText } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Field, choices } from "/js/components/field.js";

/**
 * `body` {good, scrap: [{defect, quantity}], rework}; `change(part)`; `defects` {code: name}; `problem` as the API gave
 * it; `decimals` of the pieces. Children stand below the rework.
 * @param {PiecesProps} props
 */
export function Pieces({ body, change, defects, decimals = 6, rework = false, problem, children }) {
  /** @param {string} text */
  const clean = (text) => quantityText(text, decimals);
  const inputmode = decimals ? "decimal" : "numeric";
  const scrap = body.scrap ?? [];
  /**
   * @param {number} index
   * @param {Partial<ScrapEntry>} entry
   */
  const row = (index, entry) => change({ scrap: scrap.map((one, at) => (at === index ? { ...one, ...entry } : one)) });
  /** @param {string} field */
  const wrong = (field) => problem?.field?.(field);
  return html`
    <div class=${rework ? "form two" : "form"}>
      <${Field}
        label=${t("count.good")}
        value=${String(body.good ?? "")}
        inputmode=${inputmode}
        error=${wrong("good")}
        data-testid="pieces-good"
        onInput=${(text) => change({ good: clean(text) })}
      />
      ${
        rework &&
        html`<${Field}
          label=${t("count.rework")}
          value=${String(body.rework ?? "")}
          inputmode=${inputmode}
          error=${wrong("rework")}
          data-testid="pieces-rework"
          onInput=${(text) => change({ rework: clean(text) })}
        />`
      }
    </div>
    ${children}
    ${scrap.map(
      (entry, index) => html`<div class="pieces-scrap" key=${index}>
        <${Field}
          label=${t("count.scrap")}
          value=${entry.defect}
          options=${choices(defects, entry.defect)}
          error=${wrong(`scrap.${index}.defect`)}
          data-testid="pieces-defect"
          onInput=${(defect) => row(index, { defect })}
        />
        <${Field}
          label=${t("field.quantity")}
          value=${String(entry.quantity)}
          inputmode=${inputmode}
          error=${wrong(`scrap.${index}.quantity`)}
          data-testid="pieces-scrapped"
          onInput=${(text) => row(index, { quantity: clean(text) })}
        />
        <${Button}
          kind="quiet"
          icon="trash"
          aria-label=${t("fact.remove")}
          onClick=${() => change({ scrap: scrap.filter((_, at) => at !== index) })}
        />
      </div>`,
    )}
    <${Button}
      icon="plus"
      class="pieces-add"
      data-testid="pieces-add"
      onClick=${() => change({ scrap: [...scrap, { defect: Object.keys(defects)[0] ?? "", quantity: "1" }] })}
    >
      ${t("pieces.add_scrap")}
    <//>
  `;
}

/**
 * The fields that the form shows the problems of itself.
 * @param {PiecesForm} body
 */
export const piecesFields = (body) => [
  "good",
  "rework",
  ...(body.scrap ?? []).flatMap((_, at) => [`scrap.${at}.defect`, `scrap.${at}.quantity`]),
];

/**
 * The typed quantities as the API takes them: no good pieces where nothing stands; other empty fields are left out.
 * @param {PiecesForm} body
 */
export const typed = (body) =>
  Object.fromEntries(
    Object.entries(body)
      .map(([name, value]) => [name, name === "good" ? value || "0" : value])
      .filter(([, value]) => value !== ""),
  );
