// /items: everything that the shop buys or makes.
import { html, useEffect, useMemo, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { language, local, t } from "/js/lib/i18n.js";
import { icon } from "/js/lib/icons.js";
import { useLive } from "/js/lib/live.js";
import { PHONE, useMedia } from "/js/lib/media.js";
import { navigate } from "/js/lib/router.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { likeness } from "/js/components/described.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { LongTable } from "/js/components/long-table.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { toast } from "/js/components/toast.js";
import { ITEM_KINDS, kindDisplay } from "/pages/setup/items/kinds.js";
import { NewItem } from "/pages/setup/items/new-item.js";
import { readStock, stock } from "/pages/setup/items/stock.js";

const SORTS = {
  code: (item) => item.code,
  name: (item) => local(item.name),
  kind: (item) => ITEM_KINDS.indexOf(item.kind),
  box: (item) => Number(item.box_quantity ?? 0),
};
const FITS = {
  all: (item) => item.active,
  ...Object.fromEntries(ITEM_KINDS.map((kind) => [kind, (item) => item.active && item.kind === kind])),
  inactive: (item) => !item.active,
};
const view = makeView({ kind: Object.keys(FITS), q: "", sort: "code" });
const sortOf = ({ sort }) => {
  const key = sort.replace("-", "");
  return { key: key in SORTS ? key : "code", down: sort.startsWith("-") };
};
const pageOf = (item) => `/items/${encodeURIComponent(item.code)}`;

function Marks({ item }) {
  return html`<span class="row item-marks">
    ${item.lot_tracked && html`<${Chip}>${t("items.lot")}<//>`}
    ${item.shelf_life_d && html`<${Chip}>${t("items.days", { n: item.shelf_life_d })}<//>`}
  </span>`;
}

const columns = () => [
  {
    key: "code",
    class: "code",
    label: t("fact.code"),
    sortable: true,
    render: (item) => html`<a class="first" href=${pageOf(item)} tabindex="-1">${item.code}</a>`,
  },
  {
    key: "name",
    class: "name",
    label: t("fact.name"),
    sortable: true,
    render: (item) => html`<span class="ellipsis">${local(item.name)}</span>`,
  },
  {
    key: "kind",
    class: "kind",
    label: t("fact.kind"),
    sortable: true,
    render: (item) => {
      const display = kindDisplay(item.kind);
      return html`<span class="kind-word">${icon(display.icon)}${display.label}</span>`;
    },
  },
  { key: "unit", class: "unit", label: t("fact.unit"), render: (item) => item.unit },
  { key: "supply", class: "supply wide-only", label: t("fact.supply"), render: (item) => t(`supply.${item.supply}`) },
  {
    key: "box",
    class: "box wide-only",
    label: t("fact.box_quantity"),
    align: "end",
    sortable: true,
    render: (item) => number(item.box_quantity),
  },
  { key: "marks", class: "marks wide-only", label: "", render: (item) => html`<${Marks} item=${item} />` },
];

function chosenRows(items, { kind, q, sort }) {
  const word = likeness(q);
  const rows = items.filter((item) => FITS[kind](item) && (!word || item.found.includes(word)));
  const by = SORTS[sort.key];
  const order = new Intl.Collator(undefined, { numeric: true }).compare;
  rows.sort((a, b) => (typeof by(a) === "number" ? by(a) - by(b) : order(by(a), by(b))) * (sort.down ? -1 : 1));
  return rows;
}

function countsOf(items, q) {
  const word = likeness(q);
  const found = word ? items.filter((item) => item.found.includes(word)) : items;
  return Object.fromEntries(Object.entries(FITS).map(([kind, fits]) => [kind, found.filter(fits).length]));
}

export default function Items() {
  const phone = useMedia(PHONE);
  const [creating, setCreating] = useState(false);
  const { items, error } = stock.value;
  const shownView = view.use();
  const { kind, q } = shownView;
  const sort = sortOf(shownView);
  const look = view.change;
  useLive(["definitions"], readStock);
  const rows = useMemo(() => items && chosenRows(items, { kind, q, sort }), [items, kind, q, sort.key, sort.down]);
  const counts = useMemo(() => items && countsOf(items, q), [items, q]);
  const shown = useMemo(columns, [phone, language.value]);
  useEffect(() => {
    const down = (event) => {
      const free = event.target === document.body || event.target.type === "search";
      if (event.key !== "ArrowDown" || !free || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      document.querySelector(".items-table table")?.focus();
    };
    addEventListener("keydown", down);
    return () => removeEventListener("keydown", down);
  }, []);
  const planner = may("planner");
  const add =
    planner &&
    html`<${Button} kind="primary" icon="plus" data-testid="item-new" onClick=${() => setCreating(true)}>
      ${t("items.new")}
    <//>`;
  const actions = html`${planner && html`<${Button} href="/imports" icon="import">${t("orders.import")}<//>`}${add}`;
  const options = [
    { value: "all", label: t("items.all") },
    ...ITEM_KINDS.map((value) => ({ value, label: t(`item_kind.${value}`) })),
    { value: "inactive", label: t("items.inactive") },
  ].map((one) => ({ ...one, count: counts && number(counts[one.value]) }));
  const list = () => {
    if (!items)
      return error
        ? html`<div class="card"><${Problem} error=${error} retry=${readStock} /></div>`
        : html`<div class="card card-body"><${Skeleton} rows="10" height="30" gap="18" /></div>`;
    if (!items.length)
      return html`<div class="card">
        <${Empty} icon="item" title=${t("items.none")} text=${t("items.none_text")}>${add}<//>
      </div>`;
    if (!rows.length)
      return html`<div class="card">
        <${Empty} icon="search" title=${t("items.none_found")} text=${t("items.none_found_text")}>
          <${Button} onClick=${() => look({ q: "", kind: "all" })}>${t("items.show_all")}<//>
        <//>
      </div>`;
    return html`<${LongTable}
      class="fill items-table"
      label=${t("items.title")}
      columns=${shown}
      rows=${rows}
      rowKey=${(item) => item.code}
      height=${phone ? 66 : 48}
      sort=${sort}
      onSort=${(key) => look({ sort: sort.key === key && !sort.down ? `-${key}` : key })}
      onOpen=${(item) => navigate(pageOf(item))}
    />`;
  };
  return html`<${OfficeShell} title=${t("items.title")} actions=${actions}>
    <div class="filters items-filters">
      <${Search} value=${q} onInput=${(text) => look({ q: text })} placeholder=${t("items.search")} />
      <${Pills} label=${t("fact.kind")} options=${options} value=${kind} onChange=${(value) => look({ kind: value })} />
    </div>
    ${list()}
    <${NewItem}
      open=${creating}
      onClose=${() => setCreating(false)}
      onCreated=${(item) => {
        toast(t("items.created", { code: item.code }));
        navigate(`${pageOf(item)}#unit`);
      }}
    />
  <//>`;
}
