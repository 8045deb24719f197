// What an item is made of: the whole tree, its own lines to change, and where the item itself goes into.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useDocument } from "/js/lib/draft.js";
import { isoDay, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useLinkedField } from "/js/lib/field-link.js";
import { useResource } from "/js/lib/resource.js";
import { navigate } from "/js/lib/router.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Conflict, DocumentNews, SaveBar } from "/js/components/document.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { BomEditor } from "/pages/setup/item/bom-editor.js";
import { BomTree } from "/pages/setup/item/bom-tree.js";
import { bomOf, formOfBom, isBomReady, joinBom, splitBom } from "/pages/setup/item/documents.js";
import { BeginDay, RevisionButton } from "/pages/setup/item/revisions.js";

const useColumns = () => [
  {
    key: "item",
    label: t("fact.item"),
    sort: (use) => use.item,
    render: (use) =>
      html`
        <a class="first" href="/items/${encodeURIComponent(use.item)}#bom">${use.item}</a>
        <span class="second">${local(use.name)}</span>
      `,
  },
  { key: "levels", label: t("bom.levels"), align: "end", render: (use) => number(use.levels) },
  { key: "quantity", label: t("bom.per_one"), align: "end", render: (use) => number(use.quantity, 6) },
];

function WhereUsed({ code }) {
  const uses = useResource(() => get(`/orders/items/${encodeURIComponent(code)}/where-used`), [code]);
  const items = uses.data?.items;
  if (uses.error && !items) return html`<div class="card"><${Problem} error=${uses.error} retry=${uses.load} /></div>`;
  return html`<${Card} title=${t("bom.where_used")} plain class="where-used">
    ${
      items && !items.length
        ? html`<p class="muted card-body">${t("bom.not_used")}</p>`
        : html`<${Table}
            compact
            class="plain"
            label=${t("bom.where_used")}
            columns=${useColumns()}
            rows=${items}
            rowKey=${(use) => use.item}
            onOpen=${(use) => navigate(`/items/${encodeURIComponent(use.item)}#bom`)}
          />`
    }
  <//>`;
}

/** The item's operations as a list to choose from; none when it has no routing. */
async function readOps(code) {
  const path = `/orders/routings/${encodeURIComponent(code)}`;
  const { items } = await get(`${path}/revisions`);
  if (!items.length) return [];
  const { operations } = await get(path, { revision: items[0].revision });
  return operations.map((step) => ({ value: String(step.op), label: `${step.op} ${local(step.name)}` }));
}

export function Bom({ code, field, isMade }) {
  const tree = useResource(() => get(`/orders/boms/${encodeURIComponent(code)}/tree`), [code]);
  const doc = useDocument(
    bomOf(code, () => isoDay(Date.now())),
    {
      saved: () => {
        toast(t("bom.saved", { code }));
        setEditing(false);
        tree.load();
      },
    },
  );
  const ops = useResource(() => readOps(code), [code]);
  const [editing, setEditing] = useState(false);
  const planner = may("planner");
  const ready = doc.form !== undefined && tree.data !== undefined;
  useEffect(() => {
    if (ready && planner && (doc.draftedAt || field.startsWith("lines"))) setEditing(true);
  }, [ready, field]);
  useLinkedField(field, ready);
  if (!ready) {
    const error = doc.error ?? tree.error;
    return error
      ? html`<div class="card">
          <${Problem}
            error=${error}
            retry=${() => {
              doc.load();
              tree.load();
            }}
          />
        </div>`
      : html`<div class="card card-body"><${Skeleton} rows="6" height="36" /></div>`;
  }
  const isEmpty = !doc.form.lines.length && !doc.data;
  const begin = () => {
    if (isEmpty) doc.set({ lines: [{ id: 1, component: "", quantity: "", scrap_pct: "", op: "", alternates: [] }] });
    setEditing(true);
  };
  const isOpen = editing || doc.isDirty;
  const close = () => {
    if (doc.isDirty) doc.discard();
    setEditing(false);
  };
  const actions = html`
    <${RevisionButton} kind="boms" code=${code} doc=${doc} split=${splitBom} formOf=${formOfBom} />
    ${
      planner &&
      (isOpen
        ? html`<${Button} size="small" icon="close" data-testid="bom-close" onClick=${close}>
            ${doc.isDirty ? t("draft.undo") : t("action.close")}
          <//>`
        : html`<${Button} size="small" icon="edit" data-testid="bom-edit" onClick=${begin}>${t("bom.edit")}<//>`)
    }
  `;
  return html`
    <${DocumentNews} doc=${doc} own=${doc.form.lines.map((_, index) => `lines.${index}`)} />
    ${
      !isOpen && isEmpty
        ? html`<div class="card" data-field="bom">
            <${Empty}
              icon="definitions"
              title=${isMade ? t("bom.none") : t("bom.bought")}
              text=${isMade ? t("bom.none_text") : t("bom.bought_text")}
            >
              ${
                planner &&
                html`<${Button} kind=${isMade ? "primary" : ""} icon="plus" data-testid="bom-edit" onClick=${begin}>
                  ${t("bom.begin")}
                <//>`
              }
            <//>
          </div>`
        : html`<${Card}
            title=${isOpen ? t("bom.lines") : t("bom.title")}
            actions=${actions}
            plain=${!isOpen}
            class="bom-card"
            data-field="bom"
          >
            ${
              isOpen
                ? html`<${BomEditor}
                    form=${doc.form}
                    onChange=${(lines) => doc.set({ lines })}
                    ops=${ops.data ?? []}
                    problem=${doc.save.problem}
                  />`
                : tree.data.children.length
                  ? html`<${BomTree} key=${code} tree=${tree.data} />`
                  : html`<p class="muted card-body">${t("bom.empty")}</p>`
            }
          <//>`
    }
    <${WhereUsed} code=${code} />
    <${SaveBar} doc=${doc} ready=${isBomReady(doc.form)}><${BeginDay} doc=${doc} /><//>
    ${doc.conflict && html`<${Conflict} doc=${doc} split=${splitBom} join=${joinBom} />`}
  `;
}
