// Pieces go to a subcontractor: how many, to whom, and when they are to be back.
import { html, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { addDays, instant, number, today } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { quantityText } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";

const FIELDS = ["quantity", "reworked", "supplier", "due_at", "note"];

/** What the form says, as the API takes it. */
const bodyOf = (form) => ({
  quantity: form.quantity,
  ...(form.reworked && { reworked: form.reworked }),
  ...(form.supplier.trim() && { supplier: form.supplier.trim() }),
  ...(form.day && { due_at: instant(form.day, form.time || "18:00") }),
  ...(form.note.trim() && { note: form.note.trim() }),
});

export function SendSheet({ operation, job, onClose, onDone }) {
  const free = Math.max(0, Number(job.ready) - Number(job.sent));
  const lead = Math.ceil(Number(operation.lead_time_d ?? 0));
  const [form, setForm] = useState(() => ({
    quantity: free ? String(free) : "",
    reworked: "",
    supplier: "",
    day: lead ? addDays(today(), lead) : "",
    time: "18:00",
    note: "",
  }));
  const known = useResource(async () => (await get("/production/subcontractors").catch(() => ({ items: [] }))).items);
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const isReady = Number(form.quantity) > 0;
  const words = { n: number(form.quantity), unit: job.unit };
  const send = useAction((key) => post(`/production/jobs/${job.id}/send`, bodyOf(form), { key }), {
    done: (answer) => {
      const [flag] = answer.command_flags;
      onDone(
        flag ? `${t("outside.sent_done", words)} ${t(`flag.${flag}`)}` : t("outside.sent_done", words),
        flag && { icon: "flag" },
      );
    },
    failed: () => {},
  });
  const submit = (event) => {
    event.preventDefault();
    if (isReady) send.go();
  };
  const wrong = (field) => send.problem?.field?.(field);
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${t("outside.send_title", { op: job.op, name: local(job.op_name) })}
    data-testid="send-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        icon="truck"
        busy=${send.busy}
        disabled=${!isReady}
        data-testid="send-confirm"
        onClick=${submit}
      >
        ${t("outside.send")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${send} fields=${FIELDS} />
      <${Field}
        label=${t("orders.quantity_in", { unit: job.unit })}
        hint=${t("outside.free", { n: number(free), unit: job.unit })}
        inputmode=${job.decimals ? "decimal" : "numeric"}
        autocomplete="off"
        value=${form.quantity}
        onInput=${(text) => change("quantity")(quantityText(text, job.decimals))}
        error=${wrong("quantity")}
        data-testid="send-quantity"
      />
      ${
        Number(job.rework_in) > 0 &&
        html`<${Field}
          label=${t("outside.again")}
          hint=${t("outside.again_hint", { n: number(job.rework_in), unit: job.unit })}
          inputmode=${job.decimals ? "decimal" : "numeric"}
          autocomplete="off"
          value=${form.reworked}
          onInput=${(text) => change("reworked")(quantityText(text, job.decimals))}
          error=${wrong("reworked")}
          data-testid="send-reworked"
        />`
      }
      <${Field}
        label=${t("outside.supplier")}
        value=${form.supplier}
        onInput=${change("supplier")}
        maxlength="200"
        list="subcontractors"
        autocomplete="off"
        error=${wrong("supplier")}
        data-testid="send-supplier"
      />
      <datalist id="subcontractors">
        ${known.data?.map((one) => html`<option key=${one.supplier} value=${one.supplier} />`)}
      </datalist>
      <div class="form two">
        <${Field}
          label=${t("outside.due_day")}
          type="date"
          value=${form.day}
          onInput=${change("day")}
          error=${wrong("due_at")}
          data-testid="send-due"
        />
        <${Field} label=${t("orders.due_time")} type="time" value=${form.time} onInput=${change("time")} />
      </div>
      <${Field}
        label=${t("field.note")}
        rows="2"
        value=${form.note}
        onInput=${change("note")}
        maxlength="500"
        error=${wrong("note")}
        data-testid="send-note"
      />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("outside.send")}</button>
    </form>
  <//>`;
}
