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

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];

/**
 * Keys for a number: onKey gets a digit, "." (only with `point`), "clear" or "back".
 * @param {{ onKey: (key: string) => void, point?: boolean, disabled?: boolean }} props
 */
export function Keys({ onKey, point = false, disabled = false }) {
  return html`<div class="pad" role="group" aria-label=${t("pad.label")}>
    ${DIGITS.map(
      (digit) =>
        html`<button type="button" key=${digit} data-digit=${digit} disabled=${disabled} onClick=${() => onKey(digit)}>
          ${digit}
        </button>`,
    )}
    ${
      point
        ? html`<button
            type="button"
            data-digit="."
            aria-label=${t("pad.point")}
            disabled=${disabled}
            onClick=${() => onKey(".")}
          >
            .
          </button>`
        : html`<button
            type="button"
            class="pad-clear"
            aria-label=${t("pad.clear")}
            disabled=${disabled}
            onClick=${() => onKey("clear")}
          >
            C
          </button>`
    }
    <button type="button" data-digit="0" disabled=${disabled} onClick=${() => onKey("0")}>0</button>
    <button
      type="button"
      class="pad-back"
      aria-label=${t("pad.back")}
      disabled=${disabled}
      onClick=${() => onKey("back")}
    >
      ${icon("backspace")}
    </button>
  </div>`;
}

/**
 * Digits of a PIN into a string of at most `digits`; onChange gets the new string. Leading zeros count.
 * @param {{ value: string, onChange: (value: string) => void, digits: number }} props
 */
export function PinPad({ value, onChange, digits }) {
  /** @param {string} key */
  const press = (key) =>
    onChange(key === "clear" ? "" : key === "back" ? value.slice(0, -1) : `${value}${key}`.slice(0, digits));
  return html`<${Keys} onKey=${press} />`;
}
