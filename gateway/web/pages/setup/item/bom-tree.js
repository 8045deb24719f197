// What an item is made of, at any depth: each part with what one of the part above it takes, and what one of the item
// at the top takes in all.
import { html, useMemo, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { PHONE, useMedia } from "/js/lib/media.js";
import { navigate } from "/js/lib/router.js";
import { decimal } from "/js/lib/fields.js";
import { amountOf } from "/js/lib/units.js";
import { LongTable } from "/js/components/long-table.js";
import { kindDisplay } from "/pages/setup/items/kinds.js";

const OPEN_AT_FIRST = 60; // a tree of more rows begins folded
const INDENT = 22;

/** The tree as rows {key, level, node, isLeaf}, without what is folded. */
function rowsOf(node, folded, key = node.item, level = 1, rows = []) {
  for (const [place, child] of node.children.entries()) {
    const own = `${key}/${place}-${child.item}`;
    rows.push({ key: own, level, node: child, isLeaf: !child.children.length });
    if (!folded.has(own)) rowsOf(child, folded, own, level + 1, rows);
  }
  return rows;
}
/** Of a drum for thousands a piece takes little, but not nothing. */
const totalText = (total) => number(total, total < 0.01 ? 9 : 4);
const branches = (tree) =>
  rowsOf(tree, new Set())
    .filter((row) => !row.isLeaf)
    .map((row) => row.key);

function Part({ row, isFolded, onFold }) {
  const { node } = row;
  return html`<span class="tree-part" style=${{ paddingLeft: `${(row.level - 1) * INDENT}px` }}>
    ${
      row.isLeaf
        ? html`<span class="tree-leaf"></span>`
        : html`<button
            type="button"
            tabindex="-1"
            aria-label=${isFolded ? t("bom.unfold", { code: node.item }) : t("bom.fold", { code: node.item })}
            aria-expanded=${!isFolded}
            onClick=${() => onFold(row, !isFolded)}
          >
            ${icon(isFolded ? "next" : "down")}
          </button>`
    }
    <span class="tree-name">
      <a class="first" href="/items/${encodeURIComponent(node.item)}#bom" tabindex="-1">${node.item}</a>
      <span class="second ellipsis">${local(node.name)}</span>
    </span>
  </span>`;
}

export function BomTree({ tree }) {
  const [folded, setFolded] = useState(
    () => new Set(rowsOf(tree, new Set()).length > OPEN_AT_FIRST ? branches(tree) : []),
  );
  const [pieces, setPieces] = useState("1");
  const phone = useMedia(PHONE);
  const rows = useMemo(() => rowsOf(tree, folded), [tree, folded]);
  const fold = (row, close) => {
    if (row.isLeaf) return;
    const next = new Set(folded);
    if (close) next.add(row.key);
    else next.delete(row.key);
    setFolded(next);
  };
  const all = branches(tree);
  const times = Number(pieces) || 0;
  const columns = useMemo(
    () => [
      {
        key: "part",
        class: "part",
        label: t("fact.component"),
        render: (row) => html`<${Part} row=${row} isFolded=${folded.has(row.key)} onFold=${fold} />`,
      },
      {
        key: "kind",
        class: "wide-only",
        label: t("fact.kind"),
        render: ({ node }) => html`<span class="muted">${kindDisplay(node.kind).label}</span>`,
      },
      {
        key: "each",
        class: "wide-only",
        label: t("bom.each"),
        align: "end",
        render: ({ node }) => html`${number(node.quantity, 6)} <span class="muted">${node.unit}</span>`,
      },
      {
        key: "scrap",
        class: "scrap wide-only",
        label: t("fact.scrap_pct"),
        align: "end",
        render: ({ node }) => (Number(node.scrap_pct) ? number(node.scrap_pct) : html`<span class="muted">–</span>`),
      },
      {
        key: "op",
        class: "op wide-only",
        label: t("fact.op"),
        align: "end",
        render: ({ node }) => node.op ?? html`<span class="muted">–</span>`,
      },
      {
        key: "alternates",
        class: "wide-only",
        label: t("fact.alternates"),
        render: ({ node }) =>
          node.alternates.map((one) => `${one.component} ${number(one.quantity, 6)} ${one.unit}`).join(", "),
      },
      {
        key: "total",
        label: t("bom.total", { n: number(times) }),
        align: "end",
        render: ({ node }) =>
          html`<b>${totalText(amountOf(node.total) * times)}</b> <span class="muted">${node.unit}</span>`,
      },
    ],
    [folded, times, t("bom.each")],
  );
  return html`
    <div class="tree-head">
      <label class="tree-pieces">
        <span>${t("bom.pieces")}</span>
        <input
          class="input"
          inputmode="decimal"
          value=${pieces}
          data-testid="bom-pieces"
          onInput=${(event) => setPieces(decimal(event.currentTarget.value))}
        />
        <span class="muted">${tree.unit}</span>
      </label>
      ${
        all.length > 0 &&
        html`<button
          type="button"
          class="link"
          data-testid="bom-fold-all"
          onClick=${() => setFolded(new Set(folded.size ? [] : all))}
        >
          ${folded.size ? t("bom.unfold_all") : t("bom.fold_all")}
        </button>`
      }
    </div>
    <${LongTable}
      class="tree-table"
      label=${t("bom.title")}
      columns=${columns}
      rows=${rows}
      rowKey=${(row) => row.key}
      height=${phone ? 56 : 50}
      levelOf=${(row) => row.level}
      onFold=${fold}
      onOpen=${(row) => navigate(`/items/${encodeURIComponent(row.node.item)}#bom`)}
    />
  `;
}
