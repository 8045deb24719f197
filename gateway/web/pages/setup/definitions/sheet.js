// One entry of a kind in a side sheet: new, or changed with everything that an editor of the shop's data promises.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, request } from "/js/lib/api.js";
import { NEW, useDocument } from "/js/lib/draft.js";
import { moment } from "/js/lib/format.js";
import { isComplete, split, toBody, toForm } from "/js/lib/fields.js";
import { local, t } from "/js/lib/i18n.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Conflict, DocumentNews } from "/js/components/document.js";
import { Described } from "/js/components/described.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { joinFacts } from "/pages/setup/item/documents.js";
import { KINDS, kindWord, mayWrite } from "/pages/setup/definitions/kinds.js";

const pathOf = (kind, code) => `/orders/${kind}/${encodeURIComponent(code)}`;
/** What the audit trail calls a kind: its table. */
const subjectOf = (kind, code) => `${KINDS[kind].subject ?? kind.replace(/s$/, "").replace("-", "_")}/${code}`;
/** A person who has learnt nothing yet is no document yet. */
const orNew = (problem) => {
  if (problem.status !== 404) throw problem;
  return { data: null, etag: NEW };
};

function documentOf(kind, code, newCode) {
  const { fields, asked } = KINDS[kind];
  return {
    name: `${kind}.${code ?? "+"}`,
    read: () => (code ? request("GET", pathOf(kind, code)).catch(orNew) : Promise.resolve({ data: null, etag: NEW })),
    write: (body, etag) => request("PUT", pathOf(kind, code ?? newCode.trim()), { body, etag }),
    toForm: (data) => toForm(fields, data && asked ? { ...data, ...asked } : data),
    toBody: (form) => toBody(fields, form),
  };
}

function LastChange({ kind, code }) {
  const trail = useResource(() => get("/orders/audit", { subject: subjectOf(kind, code), limit: 1 }), [kind, code]);
  const person = usePeople();
  const last = trail.data?.items[0];
  return (
    last &&
    html`<p class="muted last-change">
      ${t("definitions.last_change", { person: person(last.person), at: moment(last.at) })}
    </p>`
  );
}

/** `entry` null: a new one. */
export function DefinitionSheet({ kind, entry, onClose, onSaved }) {
  const [newCode, setNewCode] = useState("");
  const { fields } = KINDS[kind];
  const doc = useDocument(documentOf(kind, entry?.code, newCode), { saved: onSaved });
  const writer = mayWrite(kind);
  useEffect(() => doc.save.forget(), [newCode]);
  const { problem } = doc.save;
  const isTaken = !entry && problem?.status === 412;
  const ready = doc.form && (entry || newCode.trim()) && isComplete(fields, doc.form) && (doc.isDirty || !entry);
  const submit = (event) => {
    event.preventDefault();
    if (ready) doc.save.go();
  };
  const footer =
    writer &&
    html`
      ${
        entry &&
        doc.isDirty &&
        html`<${Button}
          kind="quiet"
          style=${{ marginRight: "auto" }}
          data-testid="document-discard"
          onClick=${doc.discard}
        >
          ${t("draft.undo")}
        <//>`
      }
      <${Button} onClick=${onClose}>${t("action.close")}<//>
      <${Button} kind="primary" busy=${doc.save.busy} disabled=${!ready} data-testid="document-save" onClick=${submit}>
        ${t("action.save")}
      <//>
    `;
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${entry ? local(entry.name) || entry.code : t("definitions.new", { kind: kindWord(kind) })}
    footer=${footer}
    data-testid="definition-sheet"
  >
    ${
      !doc.form
        ? doc.error
          ? html`<${Problem} error=${doc.error} retry=${doc.load} />`
          : html`<${Skeleton} rows="5" height="44" />`
        : html`
            <form class="form definition-form" onSubmit=${submit}>
              <${DocumentNews} doc=${doc} own=${[...fields.map((field) => field.name), "code"]} />
              <${Field}
                label=${t("fact.code")}
                value=${entry?.code ?? newCode}
                onInput=${setNewCode}
                disabled=${Boolean(entry)}
                autofocus=${!entry}
                spellcheck="false"
                autocomplete="off"
                maxlength="60"
                hint=${entry ? undefined : t("items.code_hint")}
                error=${isTaken ? t("items.taken", { code: newCode.trim() }) : problem?.field?.("code")}
                data-testid="definition-code"
              />
              <${Described}
                fields=${fields}
                form=${doc.form}
                onChange=${doc.set}
                problem=${problem}
                disabled=${!writer}
              />
              ${entry && writer && html`<${LastChange} kind=${kind} code=${entry.code} />`}
              <button type="submit" class="visually-hidden" tabindex="-1">${t("action.save")}</button>
            </form>
          `
    }
    ${
      doc.conflict && entry && html`<${Conflict} doc=${doc} split=${(form) => split(fields, form)} join=${joinFacts} />`
    }
  <//>`;
}
