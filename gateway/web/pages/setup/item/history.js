// Who changed the item, its BOM or its routing, when, and from what to what: the audit trail of the three as one list.
import { html, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { fullDay, moment } from "/js/lib/format.js";
import { differences, split, textOf, toForm } from "/js/lib/fields.js";
import { t } from "/js/lib/i18n.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import {
  FACTS,
  formOfBom,
  formOfRouting,
  operationFields,
  operationForm,
  splitBom,
  splitRouting,
} from "/pages/setup/item/documents.js";

const SUBJECTS = ["item", "bom", "routing"];

const plain = (value) =>
  value === null || value === undefined ? "" : typeof value === "object" ? JSON.stringify(value) : String(value);

/** A changed operation: the fields that differ; a new one, or one that went, in one line. */
function operationLines(change) {
  const label = t("job.op", { op: change.field.replace(/^op /, "") });
  const whole = (step) => (step ? splitRouting(formOfRouting({ operations: [step] }))[0].text : "");
  if (!change.before || !change.after) return [{ label, before: whole(change.before), after: whole(change.after) }];
  const lines = (step) => split(operationFields(operationForm(step)), operationForm(step));
  return differences(lines(change.before), lines(change.after)).map((pair) => ({
    label: `${label} · ${pair.label}`,
    before: pair.before?.text,
    after: pair.after?.text,
  }));
}

function bomLine(change) {
  const [component, op] = change.field.split(" at ");
  const text = (line) => line && (splitBom(formOfBom({ lines: [{ op: null, ...line, component }] }))[0].text || "–");
  return [
    {
      label: op ? `${component} · ${t("bom.at_op", { op })}` : component,
      before: text(change.before),
      after: text(change.after),
    },
  ];
}

/** A change of the trail as lines {label, before, after} in the words of the screen. */
function linesOf(kind, change) {
  if (change.field === "revision")
    return [{ label: t("fact.revision"), before: plain(change.before), after: plain(change.after) }];
  if (["effective_from", "effective_to"].includes(change.field)) {
    const [before, after] = [change.before, change.after].map((date) => (date ? fullDay(date) : ""));
    return [{ label: t(`fact.${change.field}`), before, after }];
  }
  if (kind === "routing") return operationLines(change);
  if (kind === "bom") return bomLine(change);
  // the release before has recorded `picture_id` as `picture`
  const field = FACTS.find((one) => [change.field, `${change.field}_id`].includes(one.name));
  if (!field) return [{ label: change.field, before: plain(change.before), after: plain(change.after) }];
  const text = (value) =>
    value === null || value === undefined ? "" : textOf(field, toForm([field], { [field.name]: value })[field.name]);
  return [{ label: t(`fact.${field.name}`), before: text(change.before), after: text(change.after) }].filter(
    (line) => line.before || (line.after && line.after !== "–"),
  );
}

async function read(code, limit) {
  const pages = await Promise.all(SUBJECTS.map((kind) => get("/orders/audit", { subject: `${kind}/${code}`, limit })));
  const entries = pages
    .flatMap((page, place) => page.items.map((entry) => ({ ...entry, kind: SUBJECTS[place] })))
    .sort((a, b) => b.position - a.position);
  return { entries: entries.slice(0, limit), more: entries.length > limit || pages.some((page) => page.next_cursor) };
}

function Entry({ entry, person }) {
  const lines = entry.changes.flatMap((change) => linesOf(entry.kind, change));
  return html`<li class="history-entry">
    <div class="history-head">
      <b>${person(entry.person)}</b>
      <span class="muted">${moment(entry.at)}</span>
      <${Chip}>${t(`history.${entry.kind}`)}<//>
      <span>${["create", "created"].includes(entry.action) ? t("history.created") : t("history.updated")}</span>
    </div>
    ${entry.reason && html`<p class="muted">${entry.reason}</p>`}
    <dl class="history-lines">
      ${lines.map(
        (line) =>
          html`
            <dt>${line.label}</dt>
            <dd>
              ${line.before && html`<s>${line.before}</s>`}
              ${line.before && line.after && html` <span class="muted">→</span> `}
              ${line.after}
              ${!line.after && html` <span class="muted">→ ${t("compare.nothing")}</span>`}
            </dd>
          `,
      )}
    </dl>
  </li>`;
}

export function History({ code }) {
  const [limit, setLimit] = useState(50);
  const trail = useResource(() => read(code, limit), [code, limit]);
  const person = usePeople();
  if (!trail.data)
    return trail.error
      ? html`<div class="card"><${Problem} error=${trail.error} retry=${trail.load} /></div>`
      : html`<div class="card card-body"><${Skeleton} rows="8" height="24" /></div>`;
  const { entries, more } = trail.data;
  return html`<section class="card card-body history" data-field="history">
    ${
      entries.length
        ? html`<ol>
            ${entries.map((entry) => html`<${Entry} key=${entry.position} entry=${entry} person=${person} />`)}
          </ol>`
        : html`<${Empty} icon="clock" title=${t("history.none")} />`
    }
    ${
      more &&
      limit < 200 &&
      html`<div class="list-more">
        <${Button} busy=${trail.loading} onClick=${() => setLimit(200)}>${t("orders.more")}<//>
      </div>`
    }
  </section>`;
}
