// The revisions of a BOM or a routing: which was in force when, what each held, and what changed from one to another.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { isoDay } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Differences } from "/js/components/document.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Sheet } from "/js/components/sheet.js";
import { present, span } from "/pages/setup/item/documents.js";

const path = (kind, code) => `/orders/${kind}/${encodeURIComponent(code)}`;

/** From when on what is being edited counts. */
export function BeginDay({ doc }) {
  const today = isoDay(Date.now());
  return html`<label class="begin-day">
    <span>${t("fact.effective_from")}</span>
    <input
      type="date"
      class="input"
      min=${today}
      value=${doc.form.effective_from || today}
      data-testid="begin-day"
      onInput=${(event) =>
        doc.set({ effective_from: event.currentTarget.value === today ? "" : event.currentTarget.value })}
    />
  </label>`;
}

function State({ revision, now, today }) {
  if (revision.revision === now.revision) return html`<${Chip} tone="run" icon="check">${t("revision.in_force")}<//>`;
  if (revision.effective_from > today) return html`<${Chip} tone="setup" icon="clock">${t("revision.future")}<//>`;
  return null;
}

function Revision({ kind, code, number, against, split, formOf, onBegin }) {
  const read = async () =>
    Promise.all(
      [number, against].map((revision) =>
        get(path(kind, code), { revision }).then((data) =>
          split(formOf(data)).filter((line) => line.key !== "effective_from"),
        ),
      ),
    );
  const both = useResource(read, [number, against]);
  if (!both.data)
    return both.error ? html`<${Problem} error=${both.error} retry=${both.load} />` : html`<${Skeleton} rows="4" />`;
  const [lines, other] = both.data;
  return html`
    <h3>${t("revision.holds", { n: number })}</h3>
    <dl class="revision-lines">
      ${lines.map((line) => html`<dt key=${line.key}>${line.label}</dt><dd>${line.text || "–"}</dd>`)}
    </dl>
    ${
      number !== against &&
      html`
        <h3>${t("revision.compared", { n: number, other: against })}</h3>
        <${Differences}
          before=${other}
          after=${lines}
          from=${t("revision.name", { n: against })}
          to=${t("revision.name", { n: number })}
        />
        ${
          onBegin &&
          html`<${Button}
            icon="undo"
            data-testid="revision-begin"
            onClick=${() => get(path(kind, code), { revision: number }).then(onBegin)}
          >
            ${t("revision.begin", { n: number })}
          <//>`
        }
      `
    }
  `;
}

function Revisions({ kind, code, doc, split, formOf, onClose }) {
  const list = useResource(() => get(`${path(kind, code)}/revisions`), [doc.data?.version]);
  const today = isoDay(Date.now());
  const [chosen, setChosen] = useState(null);
  const [against, setAgainst] = useState(null);
  const items = list.data?.items;
  const now = items && present(items, today);
  useEffect(() => {
    if (!items?.length) return;
    setChosen(items.find((one) => one.revision !== now.revision)?.revision ?? now.revision);
    setAgainst(now.revision);
  }, [items?.length]);
  const begin = (data) => {
    doc.set({ ...formOf(data), effective_from: doc.form.effective_from });
    onClose();
  };
  if (!items || chosen === null)
    return list.error ? html`<${Problem} error=${list.error} retry=${list.load} />` : html`<${Skeleton} rows="4" />`;
  const options = items.map((one) => ({
    value: String(one.revision),
    label: `${t("revision.name", { n: one.revision })} · ${span(one)}`,
  }));
  return html`
    <ul class="revisions">
      ${items.map(
        (one) => html`<li key=${one.revision}>
          <button
            type="button"
            aria-pressed=${one.revision === chosen}
            data-testid="revision-${one.revision}"
            onClick=${() => setChosen(one.revision)}
          >
            <b>${t("revision.name", { n: one.revision })}</b>
            <span class="grow">${span(one)}</span>
            <${State} revision=${one} now=${now} today=${today} />
          </button>
        </li>`,
      )}
    </ul>
    ${
      items.length > 1 &&
      html`<${Field}
        label=${t("revision.against")}
        options=${options}
        value=${String(against)}
        onInput=${(value) => setAgainst(Number(value))}
      />`
    }
    <${Revision}
      key="${chosen}-${against}"
      kind=${kind}
      code=${code}
      number=${chosen}
      against=${against}
      split=${split}
      formOf=${formOf}
      onBegin=${may("planner") && chosen !== now.revision ? begin : null}
    />
  `;
}

/** A button that says which revision is in force, and opens the others. */
export function RevisionButton({ kind, code, doc, split, formOf }) {
  const [open, setOpen] = useState(false);
  if (!doc.data) return null;
  const { revision } = doc.data;
  return html`
    <${Button} size="small" icon="clock" data-testid="revisions-open" onClick=${() => setOpen(true)}>
      ${t("revision.name", { n: revision })} · ${span(doc.data)}
    <//>
    <${Sheet}
      open=${open}
      onClose=${() => setOpen(false)}
      from="side"
      title=${t("revision.title")}
      data-testid="revisions"
    >
      <div class="stack">
        <${Revisions}
          kind=${kind}
          code=${code}
          doc=${doc}
          split=${split}
          formOf=${formOf}
          onClose=${() => setOpen(false)}
        />
      </div>
    <//>
  `;
}
