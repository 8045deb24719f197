// A new password with its rule in sight, ticked as soon as it is met.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Field } from "/js/components/field.js";

const LEAST = 8;

/**
 * True when the rule is met.
 * @param {string} password
 */
export const passwordFits = (password) => password.length >= LEAST;

/** @param {Attributes & { value: string, onInput: (value: string) => void, error?: string, label?: View }} props */
export function NewPassword({ value, onInput, error, label = t("password.label"), ...rest }) {
  return html`<div class="stack" style=${{ gap: "8px" }}>
    <${Field}
      label=${label}
      type="password"
      autocomplete="new-password"
      value=${value}
      onInput=${onInput}
      error=${error}
      ...${rest}
    />
    <ul class="rules">
      <li class=${passwordFits(value) ? "met" : ""}>
        ${passwordFits(value) ? icon("check") : html`<i></i>`}
        ${t("password.rule_length", { n: LEAST })}
      </li>
      <li><i></i>${t("password.advice")}</li>
    </ul>
  </div>`;
}
