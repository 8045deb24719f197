// What a lot was made of, or went into and lies at: as a picture, or as a table.
import { html, signal, useMemo } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { jobDisplay, lotDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Notice, Problem, Skeleton } from "/js/components/feedback.js";
import { Table } from "/js/components/table.js";
import { withJobs } from "/pages/quality/lot/layout.js";
import { Picture } from "/pages/quality/lot/picture.js";
import { lotPage, lotPath, origin, useShifts } from "/pages/quality/lots/texts.js";

const DRAWN = 150;
const NEAR = 6;
/** Kept while the app is open: who looks at tables wants the next one, too. */
const asTable = signal(false);

const columns = () => [
  { key: "depth", label: t("trace.depth"), align: "end", sort: (node) => node.depth, render: (node) => node.depth },
  {
    key: "lot",
    label: t("lots.lot"),
    sort: (node) => node.lot,
    render: (node) =>
      node.job
        ? html`
            <a class="first" href="/orders/${encodeURIComponent(node.number)}" tabindex="-1">
              ${node.number} · ${t("job.op", { op: node.op })}
            </a>
            <span class="second">
              ${[`${node.item} ${local(node.item_name)}`, node.customer].filter(Boolean).join(" · ")}
            </span>
          `
        : html`
            <a class="first" href=${lotPage(node.lot)} tabindex="-1">${node.lot}</a>
            <span class="second">${node.item} ${local(node.item_name)} · ${origin(node)}</span>
          `,
  },
  {
    key: "taken",
    class: "taken",
    label: t("trace.taken"),
    render: (node) =>
      node.taken.map(
        (one) =>
          html`<span class="row" key=${one.other}>
            <b>${amount(one)}</b>
            <span class="muted">${one.is_into ? "→" : "←"} ${one.other}</span>
          </span>`,
      ),
  },
  {
    key: "remaining",
    label: t("lots.remaining"),
    align: "end",
    sort: (node) => Number(node.remaining),
    render: (node) => (node.job ? "–" : `${number(node.remaining)} ${node.unit}`),
  },
  {
    key: "shipped",
    class: "wide-only",
    label: t("trace.shipped"),
    align: "end",
    sort: (node) => Number(node.shipped),
    render: (node) => (Number(node.shipped) ? number(node.shipped) : "–"),
  },
  {
    key: "state",
    class: "wide-only",
    label: t("lots.state"),
    render: (node) => html`<${StateChip} display=${node.job ? jobDisplay(node.state) : lotDisplay(node.state)} />`,
  },
];
/** How much of one lot is in another; nothing by calculation: it may be. */
const amount = (edge) => (Number(edge.quantity) ? `${number(edge.quantity)} ${edge.unit}` : t("trace.maybe"));

/** Each node with the edges on its side towards the lot that was asked for. */
function rowsOf({ nodes, edges }, direction) {
  const units = Object.fromEntries(nodes.map((node) => [node.lot, node.unit]));
  const [near, far] = direction === "forward" ? ["source", "target"] : ["target", "source"];
  return nodes.map((node) => ({
    ...node,
    taken: edges
      .filter((edge) => edge[far] === node.lot)
      .slice(0, NEAR)
      .map((edge) => ({
        other: edge[near],
        is_into: near === "target",
        quantity: edge.quantity,
        unit: units[edge.source],
      })),
  }));
}

/** The same with shifts by their names. */
const named = ({ nodes, ...rest }, shift) => ({
  ...rest,
  nodes: nodes.map((node) => (node.shift ? { ...node, shift: shift(node.shift) } : node)),
});

export function Trace({ lot, direction, pulse }) {
  const trace = useResource(() => get(`${lotPath(lot)}/trace`, { direction }), [lot, direction, pulse]);
  const { data, error } = trace;
  const shift = useShifts();
  const shown = useMemo(() => data && named(withJobs(data), shift), [data, shift]);
  if (!data)
    return html`<div class="card card-body">
      ${error ? html`<${Problem} error=${error} retry=${trace.load} />` : html`<${Skeleton} rows="4" height="60" />`}
    </div>`;
  if (shown.nodes.length === 1)
    return html`<div class="card">
      <${Empty} icon="tree" title=${t(`trace_none.${direction}`)} text=${t(`trace_none_text.${direction}`)} />
    </div>`;
  const rows = rowsOf(shown, direction);
  const isMuch = shown.nodes.length > DRAWN;
  const jobs = shown.nodes.length - data.nodes.length;
  const isTable = asTable.value || isMuch;
  return html`<section class="card trace" data-testid="trace-${direction}">
    <header class="trace-head">
      <h2>${t(`trace_title.${direction}`)}</h2>
      <span class="muted" data-testid="trace-sum">
        ${[
          (data.nodes.length > 1 || !jobs) &&
            t("trace.sum", { lots: number(data.nodes.length - 1), depth: data.depth }),
          jobs > 0 && t("trace.jobs", { jobs: number(jobs) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
      ${
        !isMuch &&
        html`<${Button}
          size="small"
          aria-pressed=${isTable}
          data-testid="trace-table"
          onClick=${() => (asTable.value = !asTable.value)}
        >
          ${isTable ? t("trace.as_picture") : t("trace.as_table")}
        <//>`
      }
    </header>
    ${data.is_cut && html`<${Notice} tone="warn" title=${t("trace.cut", { n: number(data.nodes.length) })} />`}
    ${
      isTable
        ? html`<${Table}
            compact
            class="plain"
            label=${t(`trace_title.${direction}`)}
            columns=${columns()}
            rows=${rows}
            rowKey=${(node) => node.lot}
            current=${lot}
          />`
        : html`<${Picture} trace=${data} nodes=${shown.nodes} edges=${shown.edges} />`
    }
  </section>`;
}
