// Asks why, before something that others will want to understand later: hold, cancel, reverse.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { Dialog } from "/js/components/sheet.js";

/** `kind`: the shop's own reasons of that kind are offered for one touch. `onConfirm(reason)`. */
export function ReasonDialog({ open, onClose, title, text, kind, confirm, tone = "primary", busy, onConfirm }) {
  const [reason, setReason] = useState("");
  const known = useResource(async () => (open && kind ? (await get("/orders/reasons", { limit: 200 })).items.filter((one) => one.kind === kind && one.active !== false) : []), [open, kind]);
  useEffect(() => {
    if (open) setReason("");
  }, [open]);
  const submit = (event) => {
    event.preventDefault();
    if (reason.trim()) onConfirm(reason.trim());
  };
  return html`<${Dialog} open=${open} onClose=${onClose} title=${title}
      actions=${html`<${Button} onClick=${onClose}>${t("action.back")}<//><${Button} kind=${tone} busy=${busy} disabled=${!reason.trim()} data-testid="reason-confirm" onClick=${submit}>${confirm}<//>`}>
    <form class="form" onSubmit=${submit}>
      ${text && html`<p class="muted">${text}</p>`}
      ${known.data?.length > 0 && html`<div class="suggestions">${known.data.map((one) => html`<button type="button" class="pill" key=${one.code} aria-pressed=${reason === local(one.name)} onClick=${() => setReason(local(one.name))}>${local(one.name)}</button>`)}</div>`}
      <${Field} label=${t("reason.label")} value=${reason} onInput=${setReason} maxlength="500" autofocus data-testid="reason" />
    </form>
  <//>`;
}
