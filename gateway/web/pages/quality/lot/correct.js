// What a receipt or a shipment should have been: its quantity, and why it was another one.
import { html, useEffect, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { quantityText, useDecimals } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { ReasonField } from "/js/components/reason-dialog.js";
import { Dialog } from "/js/components/sheet.js";

/** The quantity of a movement without its direction. */
export const size = (movement) => String(Math.abs(Number(movement.quantity)));

/** `movement` is the one to be corrected, or null. */
export function CorrectDialog({ movement, unit, onClose, onDone }) {
  const [quantity, setQuantity] = useState("");
  const [reason, setReason] = useState("");
  const decimals = Math.max(useDecimals(unit), movement ? (size(movement).split(".")[1]?.length ?? 0) : 0);
  const save = useAction((key, body) => post(`/production/lot-movements/${movement.id}/correct`, body, { key }), {
    done: onDone,
    failed: () => {},
  });
  useEffect(() => {
    setQuantity(movement ? size(movement) : "");
    setReason("");
    save.forget();
  }, [movement?.id]);
  if (!movement) return null;
  const amount = Number(quantity);
  const ready = amount > 0 && amount !== Number(size(movement)) && reason.trim();
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go({ quantity, reason: reason.trim() });
  };
  return html`<${Dialog}
    open
    onClose=${onClose}
    title=${t(`lot_correct.${movement.kind}`)}
    data-testid="correct-dialog"
    actions=${html`
      <${Button} onClick=${onClose}>${t("action.back")}<//>
      <${Button} kind="primary" busy=${save.busy} disabled=${!ready} data-testid="correct-submit" onClick=${submit}>
        ${t("lot_correct.confirm")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <p class="muted">
        ${[moment(movement.at), movement.customer, `${number(size(movement))} ${unit}`].filter(Boolean).join(" · ")}
      </p>
      <${FormNews} action=${save} fields=${["quantity", "reason"]} />
      <${Field}
        label=${`${t("lot_correct.quantity")} (${unit})`}
        value=${quantity}
        onInput=${(value) => setQuantity(quantityText(value, decimals))}
        error=${save.problem?.field?.("quantity")}
        inputmode=${decimals ? "decimal" : "numeric"}
        autocomplete="off"
        autofocus
        data-testid="correct-quantity"
      />
      <${ReasonField}
        kind="correction"
        value=${reason}
        onInput=${setReason}
        error=${save.problem?.field?.("reason")}
        data-testid="correct-reason"
      />
      <p class="muted">${t(`lot_correct.what.${movement.kind}`)}</p>
      <button type="submit" class="visually-hidden" tabindex="-1">${t("lot_correct.confirm")}</button>
    </form>
  <//>`;
}
