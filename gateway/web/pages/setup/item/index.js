// /items/<code>: what an item is, what it is made of, how it is made, and who changed it. `#unit`, `#bom`,
// `#operations.20` lead to a field.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { hasDraft } from "/js/lib/draft.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { linkedField } from "/js/lib/field-link.js";
import { useResource } from "/js/lib/resource.js";
import { may, readsChanges } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Picture } from "/js/components/picture.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Tabs } from "/js/components/tabs.js";
import { Bom } from "/pages/setup/item/bom.js";
import { Facts } from "/pages/setup/item/facts.js";
import { History } from "/pages/setup/item/history.js";
import { Routing } from "/pages/setup/item/routing.js";
import { kindDisplay } from "/pages/setup/items/kinds.js";
import { hash } from "/js/lib/router.js";

const TABS = [
  { value: "facts", draft: "item", label: () => t("item.facts") },
  { value: "bom", draft: "bom", label: () => t("item.bom") },
  { value: "routing", draft: "routing", label: () => t("item.routing") },
];
const CHANGES = { value: "history", label: () => t("item.history") };
const tabs = () => (readsChanges() ? [...TABS, CHANGES] : TABS);
const tabOf = (field) =>
  /^(bom|lines)/.test(field)
    ? "bom"
    : /^(routing|operations)/.test(field)
      ? "routing"
      : field === "history" && readsChanges()
        ? "history"
        : "facts";

function show(tab) {
  history.replaceState(null, "", tab === "facts" ? location.pathname : `#${tab}`);
  hash.value = location.hash;
}

function Title({ item, code }) {
  const display = item && kindDisplay(item.kind);
  return html`<span class="item-title">
    <${Picture} id=${item?.picture_id} />
    <span class="grow"><span class="item-code">${code}</span><small>${local(item?.name)}</small></span>
    ${
      item &&
      html`<span class="item-chips">
        <${Chip} tone=${display.tone} icon=${display.icon}>${display.label}<//>
        <${Chip}>${item.unit}<//>
        <${Chip}>${t(`supply.${item.supply}`)}<//>
        ${!item.active && html`<${Chip} tone="stop">${t("items.inactive")}<//>`}
      </span>`
    }
  </span>`;
}

export default function Item({ params }) {
  const { code } = params;
  const item = useResource(() => get(`/orders/items/${encodeURIComponent(code)}`), [code]);
  const field = linkedField();
  const tab = tabOf(field);
  const { data, error } = item;
  const options = tabs().map((one) => ({
    value: one.value,
    label: html`
      ${one.label()}
      ${one.draft && hasDraft(`${one.draft}.${code}`) && html`<i class="draft-dot" title=${t("draft.unsaved")}></i>`}
    `,
  }));
  const content = () => {
    if (tab === "facts") return html`<${Facts} code=${code} field=${field} onSaved=${item.set} />`;
    if (tab === "bom") return html`<${Bom} code=${code} field=${field} isMade=${data.supply === "make"} />`;
    if (tab === "routing") return html`<${Routing} code=${code} field=${field} />`;
    return html`<${History} code=${code} />`;
  };
  return html`<${OfficeShell} title=${html`<${Title} item=${data} code=${code} />`}>
    <a class="back-link" href="/items">${icon("back")}${t("items.all_items")}</a>
    ${
      !data &&
      error &&
      (error.status === 404
        ? html`<div class="card">
            <${Empty} icon="search" title=${t("items.unknown", { code })}>
              <span class="row">
                ${
                  may("planner") &&
                  html`<${Button} href="/imports" icon="import" data-testid="item-import">${t("orders.import")}<//>`
                }
                <${Button} kind="primary" href="/items">${t("items.all_items")}<//>
              </span>
            <//>
          </div>`
        : html`<div class="card"><${Problem} error=${error} retry=${item.load} /></div>`)
    }
    ${!data && !error && html`<div class="card card-body"><${Skeleton} rows="8" height="36" /></div>`}
    ${
      data &&
      html`
        <${Tabs} label=${code} value=${tab} onChange=${show} options=${options} />
        <div class="stack item-tab">${content()}</div>
      `
    }
  <//>`;
}
