// A quantity with its unit: beside the field, or chosen there where the item converts from others.
import { html } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { amountText, quantityText } from "/js/lib/units.js";
import { Field } from "/js/components/field.js";

/**
 * `units` to choose from, the item's own first; `unit` is the chosen one. `decimals` of the item's own unit limit what
 * is typed; a quantity of another unit, and one that is `exact`, may be a fraction.
 * @param {Attributes & { label: string, value: string, onInput: (value: string) => void, unit?: string,
 *   units?: string[], onUnit?: (unit: string) => void, decimals?: number, exact?: boolean, unitError?: string }} props
 */
export function QuantityField({
  label,
  value,
  onInput,
  unit,
  units = [],
  onUnit,
  decimals = 6,
  exact = false,
  unitError,
  error,
  ...rest
}) {
  const isFree = exact || (units.length > 0 && unit && unit !== units[0]);
  const shown = unit || units[0];
  const known = !unit || units.includes(unit) ? units : [unit, ...units];
  return html`<div class="with-unit">
    <${Field}
      label=${label}
      inputmode=${isFree ? "text" : decimals ? "decimal" : "numeric"}
      autocomplete="off"
      value=${value}
      error=${error ?? unitError}
      onInput=${(/** @type {string} */ text) => onInput(isFree ? amountText(text) : quantityText(text, decimals))}
      ...${rest}
    />
    ${
      onUnit && known.length > 1
        ? html`<select
            class="input unit"
            aria-label=${t("field.unit")}
            aria-invalid=${Boolean(unitError)}
            data-testid=${rest["data-testid"] && `${rest["data-testid"]}-unit`}
            value=${shown}
            onChange=${(/** @type {any} */ event) => onUnit(event.currentTarget.value)}
          >
            ${known.map((one) => html`<option key=${one} value=${one} selected=${one === shown}>${one}</option>`)}
          </select>`
        : shown && html`<span class="unit">${shown}</span>`
    }
  </div>`;
}
