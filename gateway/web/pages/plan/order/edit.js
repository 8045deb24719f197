// An order that is not released yet is simply edited.
import { html, useState } from "/js/lib/html.js";
import { patch } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";
import {
  CustomerAndSalesOrder,
  DueAndPriority,
  FIELDS,
  OrderNote,
  Quantity,
  Tolerances,
  changed,
  complete,
  formOf,
} from "/pages/plan/order/fields.js";

export function EditSheet({ order, onClose, onDone }) {
  const [form, setForm] = useState(() => formOf(order));
  const [begun] = useState(order); // somebody else's change meanwhile is told, not overwritten
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const body = complete(form) ? changed(form, begun) : {};
  const save = useAction(() => patch(`/orders/work-orders/${order.id}`, body, { etag: `"${begun.version}"` }), {
    done: () => onDone(t("order_done.edit", { number: order.number })),
    failed: () => {},
  });
  const ready = Object.keys(body).length > 0;
  const submit = (event) => {
    event.preventDefault();
    if (ready) save.go();
  };
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${t("edit.title", { number: order.number })}
    data-testid="edit-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${save.busy} disabled=${!ready} data-testid="edit-save" onClick=${submit}>
        ${t("action.save")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${save} fields=${FIELDS} />
      <${Quantity} form=${form} change=${change} unit=${order.unit} problem=${save.problem} />
      <${Tolerances} form=${form} change=${change} unit=${order.unit} problem=${save.problem} />
      <${DueAndPriority} form=${form} change=${change} problem=${save.problem} />
      <${CustomerAndSalesOrder} form=${form} change=${change} problem=${save.problem} />
      <${OrderNote} form=${form} change=${change} problem=${save.problem} />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("action.save")}</button>
    </form>
  <//>`;
}
