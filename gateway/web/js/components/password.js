// A new password with its rules in sight: each is ticked as soon as it is met.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Field } from "/js/components/field.js";

const LEAST = 10;
const rules = (password, login) => [
  { met: password.length >= LEAST, text: t("password.rule_length", { n: LEAST }) },
  { met: password.length > 0 && !(login && password.toLowerCase().includes(login.toLowerCase())), text: t("password.rule_login") },
];

/** True when every rule is met. */
export const passwordFits = (password, login) => rules(password, login).every((rule) => rule.met);

export function NewPassword({ value, onInput, login, error, label = t("password.label"), ...rest }) {
  return html`<div class="stack" style=${{ gap: "8px" }}>
    <${Field} label=${label} type="password" autocomplete="new-password" value=${value} onInput=${onInput} error=${error} ...${rest} />
    <ul class="rules">${rules(value, login).map((rule) => html`<li class=${rule.met ? "met" : ""}>${rule.met ? icon("check") : html`<i></i>`}${rule.text}</li>`)}</ul>
  </div>`;
}
