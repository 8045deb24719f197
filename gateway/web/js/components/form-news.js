// What a form says above its fields when it was not taken: why, and that what was typed is still there.
import { html } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { Notice, problemText } from "/js/components/feedback.js";

/**
 * `action` as useAction gives it; problems of single fields (`fields`: those that the form shows itself) stand at their
 * fields.
 * @param {{ action: { problem: any, waiting: boolean }, fields?: string[] }} props
 */
export function FormNews({ action, fields = [] }) {
  const { problem, waiting } = action;
  const elsewhere = problem?.errors?.filter((/** @type {FieldError} */ error) => !fields.includes(error.field)) ?? [];
  if (waiting)
    return html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>${t("form.kept")}<//>`;
  if (!problem || (problem.errors?.length && !elsewhere.length)) return null;
  return html`<${Notice} tone="stop" title=${problemText(problem)}>
    ${elsewhere.map((/** @type {FieldError} */ error) => error.message).join(" ") || t("form.kept")}
  <//>`;
}
