// Asks why, before something that others will want to understand later: hold, cancel, reverse.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { Dialog } from "/js/components/sheet.js";

/**
 * A reason to be typed; the shop's own reasons of a `kind` are offered for one touch.
 * @param {Attributes & { kind?: string, value: string, onInput: (reason: string) => void, label?: View }} props
 */
export function ReasonField({ kind, value, onInput, label = t("reason.label"), ...rest }) {
  const known = useResource(
    async () =>
      kind
        ? (await get("/orders/reasons", { limit: 200 })).items.filter(
            (/** @type {Reason} */ one) => one.kind === kind && one.active !== false,
          )
        : [],
    [kind],
  );
  return html`
    ${
      known.data?.length > 0 &&
      html`<div class="suggestions">
        ${known.data.map(
          (/** @type {Reason} */ one) =>
            html`<button
              type="button"
              class="pill"
              key=${one.code}
              aria-pressed=${value === local(one.name)}
              onClick=${() => onInput(local(one.name))}
            >
              ${local(one.name)}
            </button>`,
        )}
      </div>`
    }
    <${Field} label=${label} value=${value} onInput=${onInput} maxlength="500" ...${rest} />
  `;
}

/**
 * `kind`: see ReasonField. `optional`: it may be left out. `onConfirm(reason)`.
 * @param {ReasonDialogProps} props
 */
export function ReasonDialog({
  open,
  onClose,
  title,
  text,
  kind,
  confirm,
  tone = "primary",
  optional = false,
  busy,
  onConfirm,
}) {
  const [reason, setReason] = useState("");
  useEffect(() => {
    if (open) setReason("");
  }, [open]);
  const isEnough = optional || Boolean(reason.trim());
  /** @param {Event} event */
  const submit = (event) => {
    event.preventDefault();
    if (isEnough) onConfirm(reason.trim());
  };
  return html`<${Dialog}
    open=${open}
    onClose=${onClose}
    title=${title}
    actions=${html`
      <${Button} onClick=${onClose}>${t("action.back")}<//>
      <${Button} kind=${tone} busy=${busy} disabled=${!isEnough} data-testid="reason-confirm" onClick=${submit}>
        ${confirm}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      ${text && html`<p class="muted">${text}</p>`}
      <${ReasonField} kind=${kind} value=${reason} onInput=${setReason} autofocus data-testid="reason" />
    </form>
  <//>`;
}
