import { html, useEffect, useState } from "/js/lib/html.js";
import { put } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { language, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Dialog } from "/js/components/sheet.js";

const BLANK = { code: "", title: "", item: "", op: "" };

/** What a new instruction is called and what it is meant for; its pages are written on its own page. */
export function NewInstruction({ open, onClose, onCreated }) {
  const [form, setForm] = useState(BLANK);
  const change = (name) => (value) => setForm((now) => ({ ...now, [name]: value }));
  const create = useAction(
    () => {
      const body = {
        title: { [language.value]: form.title.trim() },
        item: form.item.trim() || null,
        op: Number(form.op) || null,
        pages: [],
      };
      return put(`/orders/instructions/${encodeURIComponent(form.code.trim())}`, body, { etag: '"0"' });
    },
    { done: onCreated, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setForm(BLANK);
    create.forget();
  }, [open]);
  const { problem } = create;
  const ready = form.code.trim() && form.title.trim();
  const submit = (event) => {
    event.preventDefault();
    if (ready) create.go();
  };
  const trouble =
    problem &&
    (problem.status === 412 ? t("instructions.code_taken") : !problem.errors?.length && problemText(problem));
  return html`<${Dialog}
    open=${open}
    onClose=${onClose}
    title=${t("instructions.new")}
    data-testid="new-instruction"
    actions=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        busy=${create.busy}
        disabled=${!ready}
        data-testid="instruction-create"
        onClick=${submit}
      >
        ${t("instructions.create")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      ${trouble && html`<${Notice} tone="stop" title=${trouble}>${t("form.kept")}<//>`}
      ${
        create.waiting &&
        html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>${t("form.kept")}<//>`
      }
      <${Field}
        label=${t("instructions.name")}
        value=${form.title}
        onInput=${change("title")}
        error=${problem?.field?.("title")}
        maxlength="200"
        autofocus
        data-testid="instruction-title"
      />
      <${Field}
        label=${t("instructions.code")}
        hint=${t("instructions.code_hint")}
        value=${form.code}
        onInput=${(value) => change("code")(value.replace(/\s+/g, "-"))}
        error=${problem?.field?.("code")}
        maxlength="60"
        spellcheck="false"
        autocomplete="off"
        data-testid="instruction-code"
      />
      <div class="form two">
        <${Field}
          label=${t("instructions.item")}
          value=${form.item}
          onInput=${change("item")}
          error=${problem?.field?.("item")}
          spellcheck="false"
          autocomplete="off"
          data-testid="instruction-item"
        />
        <${Field}
          label=${t("instructions.op")}
          inputmode="numeric"
          value=${form.op}
          onInput=${(value) => change("op")(value.replace(/\D/g, "").slice(0, 4))}
          error=${problem?.field?.("op")}
          data-testid="instruction-op"
        />
      </div>
      <button type="submit" class="visually-hidden" tabindex="-1">${t("instructions.create")}</button>
    </form>
  <//>`;
}
