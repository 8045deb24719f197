// What an item is: all its fields, editable where they stand.
import { html } from "/js/lib/html.js";
import { useDocument } from "/js/lib/draft.js";
import { isComplete } from "/js/lib/fields.js";
import { t } from "/js/lib/i18n.js";
import { useLinkedField } from "/js/lib/field-link.js";
import { may } from "/js/lib/session.js";
import { Described } from "/js/components/described.js";
import { Conflict, DocumentNews, SaveBar } from "/js/components/document.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";
import { FACTS, factsOf, joinFacts, splitFacts } from "/pages/setup/item/documents.js";

const NAMES = FACTS.map((field) => field.name);

export function Facts({ code, field, onSaved }) {
  const doc = useDocument(factsOf(code), {
    saved: (item) => {
      toast(t("items.saved", { code }));
      onSaved(item);
    },
  });
  useLinkedField(field, doc.form !== undefined);
  if (!doc.form)
    return doc.error
      ? html`<div class="card"><${Problem} error=${doc.error} retry=${doc.load} /></div>`
      : html`<div class="card card-body"><${Skeleton} rows="8" height="40" /></div>`;
  return html`
    <${DocumentNews} doc=${doc} own=${NAMES} />
    <section class="card card-body facts-form" data-testid="facts">
      <${Described}
        fields=${FACTS}
        form=${doc.form}
        onChange=${doc.set}
        problem=${doc.save.problem}
        disabled=${!may("planner")}
      />
    </section>
    <${SaveBar} doc=${doc} ready=${isComplete(FACTS, doc.form)} />
    ${doc.conflict && html`<${Conflict} doc=${doc} split=${splitFacts} join=${joinFacts} />`}
  `;
}
