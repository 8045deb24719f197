// How an item is made: the graph of its operations and, below it, each of them to change. What is changed below is
// drawn above at once.
import { html, useEffect, useState } from "/js/lib/html.js";
import { useDocument } from "/js/lib/draft.js";
import { isoDay } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useLinkedField } from "/js/lib/field-link.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Conflict, DocumentNews, SaveBar } from "/js/components/document.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";
import {
  formOfRouting,
  isRoutingReady,
  joinRouting,
  nextId,
  operationForm,
  routingOf,
  splitRouting,
  waitsFor,
} from "/pages/setup/item/documents.js";
import { Graph } from "/pages/setup/item/graph.js";
import { Operations } from "/pages/setup/item/operations.js";
import { BeginDay, RevisionButton } from "/pages/setup/item/revisions.js";

/** The number of the next operation: ten after the last. */
const nextOp = (operations) => String(Math.max(0, ...operations.map((step) => Number(step.op) || 0)) + 10);

export function Routing({ code, field }) {
  const doc = useDocument(
    routingOf(code, () => isoDay(Date.now())),
    { saved: () => toast(t("routing.saved", { code })) },
  );
  const [open, setOpen] = useState(null); // the row's id
  const loaded = doc.form !== undefined;
  const asked = /^operations\.(\d+)/.exec(field)?.[1];
  useEffect(() => {
    const row = loaded && asked && doc.form.operations.find((step) => step.op === asked);
    if (row) setOpen(row.id);
  }, [loaded, asked]);
  useLinkedField(asked ? `operations.${asked}` : "", loaded && open !== null);
  if (!doc.form)
    return doc.error
      ? html`<div class="card"><${Problem} error=${doc.error} retry=${doc.load} /></div>`
      : html`<div class="card card-body"><${Skeleton} rows="2" height="110" /></div>`;
  const { operations } = doc.form;
  const planner = may("planner");
  const change = (next) => doc.set({ operations: next });
  const add = () => {
    const step = { ...operationForm({ op: nextOp(operations) }), id: nextId(operations) };
    change([...operations, step]);
    setOpen(step.id);
  };
  const faults = (doc.save.problem?.errors ?? [])
    .map((error) => Number(operations[/^operations\.(\d+)/.exec(error.field)?.[1]]?.op))
    .filter(Boolean);
  const pick = (step) => {
    setOpen(step.id);
    requestAnimationFrame(() =>
      document.querySelector(`[data-row="${step.id}"]`)?.scrollIntoView({ block: "nearest", behavior: "smooth" }),
    );
  };
  const current = Number(operations.find((step) => step.id === open)?.op) || null;
  return html`
    <${DocumentNews} doc=${doc} own=${["operations"]} />
    ${
      operations.length > 0
        ? html`
            <${Card}
              title=${t("routing.graph")}
              actions=${html`<${RevisionButton}
                kind="routings"
                code=${code}
                doc=${doc}
                split=${splitRouting}
                formOf=${formOfRouting}
              />`}
            >
              <${Graph}
                operations=${operations}
                waits=${waitsFor(operations)}
                current=${current}
                faults=${faults}
                onPick=${pick}
              />
            <//>
            <${Operations}
              operations=${operations}
              open=${open}
              onOpen=${setOpen}
              onChange=${change}
              problem=${doc.save.problem}
              disabled=${!planner}
              add=${
                planner &&
                html`<${Button} icon="plus" data-testid="operation-add" onClick=${add}>${t("routing.add")}<//>`
              }
            />
          `
        : html`<div class="card" data-field="routing">
            <${Empty} icon="order" title=${t("routing.none")} text=${t("routing.none_text")}>
              ${
                planner &&
                html`<${Button} kind="primary" icon="plus" data-testid="operation-add" onClick=${add}>
                  ${t("routing.add")}
                <//>`
              }
            <//>
          </div>`
    }
    <${SaveBar} doc=${doc} ready=${isRoutingReady(doc.form)}><${BeginDay} doc=${doc} /><//>
    ${doc.conflict && html`<${Conflict} doc=${doc} split=${splitRouting} join=${joinRouting} />`}
  `;
}
