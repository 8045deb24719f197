// What gloves touch: tiles and the number pad. Nothing here needs a keyboard or a hover.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";

/**
 * A grid of large tiles: items [{value, label, note, testid}].
 * @param {{ items: Option[], value?: string, onPick: (value: string) => void, class?: string }} props
 */
export function Tiles({ items, value, onPick, class: extra = "" }) {
  return html`<div class="tiles ${extra}">
    ${items.map(
      (item) => html`<button
        type="button"
        class="tile"
        key=${item.value}
        data-testid=${item.testid}
        aria-pressed=${value === undefined ? undefined : item.value === value}
        onClick=${() => onPick(item.value)}
      >
        ${item.label}
        ${item.note && html`<small>${item.note}</small>`}
      </button>`,
    )}
  </div>`;
}

/**
 * Digits into a string of at most `digits`; onChange gets the new string. `code`: leading zeros count, as in a PIN.
 * `point`: what is typed may have decimals, and the caller limits it.
 * @param {{ value: string, onChange: (value: string) => void, digits?: number, code?: boolean, point?: boolean }} props
 */
export function NumberPad({ value, onChange, digits = 6, code = false, point = false }) {
  /** @param {string} digit */
  const press = (digit) => {
    const typed = code ? `${value}${digit}` : `${value}${digit}`.replace(/^0+(?=\d)/, "");
    onChange(point ? typed : typed.slice(0, digits));
  };
  return html`<div class="pad" role="group" aria-label=${t("pad.label")}>
    ${["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(
      (digit) =>
        html`<button type="button" key=${digit} data-digit=${digit} onClick=${() => press(digit)}>${digit}</button>`,
    )}
    ${
      point
        ? html`<button type="button" data-digit="." aria-label=${t("pad.point")} onClick=${() => press(".")}>.</button>`
        : html`<button type="button" aria-label=${t("pad.clear")} onClick=${() => onChange("")}>C</button>`
    }
    <button type="button" data-digit="0" onClick=${() => press("0")}>0</button>
    <button type="button" aria-label=${t("pad.back")} onClick=${() => onChange(value.slice(0, -1))}>
      ${icon("backspace")}
    </button>
  </div>`;
}
