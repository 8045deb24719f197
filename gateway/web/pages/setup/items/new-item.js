// A new item: what must be known of it; the rest is filled in on its page.
import { html, useEffect, useState } from "/js/lib/html.js";
import { put } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { NEW } from "/js/lib/draft.js";
import { isComplete, toBody, toForm } from "/js/lib/fields.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Described } from "/js/components/described.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { kindOptions } from "/pages/setup/items/kinds.js";

const FIELDS = [
  { name: "name", type: "names", needed: true },
  { name: "kind", type: "choice", options: kindOptions, needed: true, start: "finished" },
  { name: "unit", type: "text", needed: true, start: "EA" },
];

export function NewItem({ open, onClose, onCreated }) {
  const [code, setCode] = useState("");
  const [form, setForm] = useState(() => toForm(FIELDS, {}));
  const create = useAction(
    () => put(`/orders/items/${encodeURIComponent(code.trim())}`, toBody(FIELDS, form), { etag: NEW }),
    { done: onCreated, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setCode("");
    setForm(toForm(FIELDS, {}));
    create.forget();
  }, [open]);
  const { problem } = create;
  const isTaken = problem?.status === 412;
  const ready = code.trim() && isComplete(FIELDS, form);
  const submit = (event) => {
    event.preventDefault();
    if (ready) create.go();
  };
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    from="side"
    title=${t("items.new")}
    data-testid="new-item"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" busy=${create.busy} disabled=${!ready} data-testid="item-create" onClick=${submit}>
        ${t("items.create")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      ${
        problem &&
        !isTaken &&
        !problem.errors?.length &&
        html`<${Notice} tone="stop" title=${problemText(problem)}>${t("form.kept")}<//>`
      }
      ${
        create.waiting &&
        html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>${t("form.kept")}<//>`
      }
      <${Field}
        label=${t("fact.code")}
        value=${code}
        onInput=${setCode}
        autofocus
        spellcheck="false"
        autocomplete="off"
        maxlength="60"
        hint=${t("items.code_hint")}
        error=${isTaken ? t("items.taken", { code: code.trim() }) : problem?.field?.("code")}
        data-testid="item-code"
      />
      <${Described}
        fields=${FIELDS}
        form=${form}
        problem=${problem}
        onChange=${(change) => setForm((now) => ({ ...now, ...change }))}
      />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("items.create")}</button>
    </form>
  <//>`;
}
