// A trace as a picture: what is on the left went into what is on the right.
import { html, useEffect, useMemo, useRef, useState } from "/js/lib/html.js";
import { day, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { jobDisplay, lotDisplay } from "/js/lib/display.js";
import { layout, shortened } from "/pages/quality/lot/layout.js";
import { lotPage } from "/pages/quality/lots/texts.js";

const MANY = 30;
/** What stands at the head of a node: its number, or where in which order it is. */
const headOf = (node) => (node.op ? `${node.number ?? node.lot} · ${t("job.op", { op: node.op })}` : node.lot);

/** What kind a lot is, and how much of it there was and is. */
function OfLot({ node }) {
  return html`
    <span class="ellipsis">
      ${
        node.op
          ? [node.machine, node.business_date && day(node.business_date), node.shift].filter(Boolean).join(" · ")
          : `${node.item} ${local(node.item_name)}`
      }
    </span>
    <span class="ellipsis lot-box-left">
      ${number(node.quantity)} ${node.unit}
      ${
        Number(node.shipped)
          ? ` · ${t("trace.shipped")} ${number(node.shipped)}`
          : ` · ${t("lots.remaining")} ${number(node.remaining)}`
      }
    </span>
  `;
}

/** What a job makes, for whom, and how it stands. */
const OfJob = ({ node, display }) => html`
  <span class="ellipsis">${node.item} ${local(node.item_name)}</span>
  <span class="ellipsis">${[node.customer, display.label].filter(Boolean).join(" · ")}</span>
`;

function Box({ node, at, size, isRoot, isNear, onLook }) {
  const display = node.job ? jobDisplay(node.state) : lotDisplay(node.state);
  const place = { left: `${at.x}px`, top: `${at.y}px`, width: `${size.w}px`, height: `${size.h}px` };
  const look = () => onLook(node.lot);
  const kind = node.job ? "job" : node.op ? "between" : "";
  return html`<a
    class="lot-box ${display.tone} ${isRoot ? "root" : ""} ${isNear ? "near" : ""} ${kind}"
    style=${place}
    href=${node.job ? `/orders/${encodeURIComponent(node.number)}` : lotPage(node.lot)}
    title=${headOf(node)}
    aria-current=${isRoot ? "true" : undefined}
    data-testid=${node.job ? `node-job-${node.number}-${node.op}` : `node-${node.lot}`}
    onMouseEnter=${look}
    onMouseLeave=${() => onLook(null)}
    onFocus=${look}
    onBlur=${() => onLook(null)}
  >
    <span class="lot-box-head">
      <b>${shortened(headOf(node))}</b>
      ${icon(node.job ? "machine" : display.icon, { label: display.label })}
    </span>
    ${node.job ? html`<${OfJob} node=${node} display=${display} />` : html`<${OfLot} node=${node} />`}
  </a>`;
}

/** The amount on a line, beside the end at which fewer lines meet. */
function Amount({ edge, from, to, size, unit, isAlone }) {
  const [x, y, anchor] = isAlone.source
    ? [from.x + size.w + 9, from.y + size.h / 2 - 7, "start"]
    : isAlone.target
      ? [to.x - 14, to.y + size.h / 2 - 8, "end"]
      : [(from.x + size.w + to.x) / 2, (from.y + to.y + size.h) / 2 - 5, "middle"];
  return html`<text class="trace-amount" x=${x} y=${y} text-anchor=${anchor}>
    ${Number(edge.quantity) ? `${number(edge.quantity)} ${unit}` : t("trace.maybe")}
  </text>`;
}

/** `trace` as the API gives it, and what is drawn of it: `nodes` and `edges`, the jobs among them. */
export function Picture({ trace, nodes, edges }) {
  const [looked, setLooked] = useState(null);
  const box = useRef(null);
  const drawn = useMemo(() => layout({ nodes, edges }, trace.direction, nodes.map(headOf)), [nodes]);
  useEffect(() => {
    const root = drawn.boxes.get(trace.lot);
    box.current.scrollTo({ left: root.x - 24, top: Math.max(0, root.y - box.current.clientHeight / 2) });
  }, [trace]);
  const touches = (edge) => looked && (edge.source === looked || edge.target === looked);
  const near = new Set(edges.filter(touches).flatMap((edge) => [edge.source, edge.target]));
  const [units, ends] = useMemo(
    () => [
      new Map(nodes.map((node) => [node.lot, node.unit])),
      edges.flatMap((edge) => [`>${edge.source}`, `${edge.target}<`]),
    ],
    [nodes],
  );
  return html`
    <div
      class="trace-picture"
      data-pan
      ref=${box}
      tabindex="0"
      role="group"
      aria-label=${t(`trace_title.${trace.direction}`)}
    >
      <div class="trace-field" style=${{ width: `${drawn.width}px`, height: `${drawn.height}px` }}>
        <svg width=${drawn.width} height=${drawn.height} aria-hidden="true">
          <defs>
            <marker id="lot-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path class="trace-tip" d="M0 0.5L8 4L0 7.5z" />
            </marker>
          </defs>
          ${drawn.lines.map(
            ({ key, d, edge }) =>
              html`<path
                key=${key}
                d=${d}
                class="trace-line ${Number(edge.quantity) ? "" : "maybe"} ${
                  looked ? (touches(edge) ? "on" : "off") : ""
                }"
                marker-end="url(#lot-arrow)"
              />`,
          )}
          ${drawn.lines
            .filter(({ edge }) => (looked ? touches(edge) : drawn.lines.length <= MANY))
            .map(
              ({ key, edge }) => html`<${Amount}
                key=${key}
                edge=${edge}
                from=${drawn.boxes.get(edge.source)}
                to=${drawn.boxes.get(edge.target)}
                size=${drawn.box}
                unit=${units.get(edge.source)}
                isAlone=${{
                  source: ends.filter((end) => end === `>${edge.source}`).length === 1,
                  target: ends.filter((end) => end === `${edge.target}<`).length === 1,
                }}
              />`,
            )}
        </svg>
        ${nodes.map(
          (node) =>
            html`<${Box}
              key=${node.lot}
              node=${node}
              at=${drawn.boxes.get(node.lot)}
              size=${drawn.box}
              isRoot=${node.lot === trace.lot}
              isNear=${near.has(node.lot)}
              onLook=${setLooked}
            />`,
        )}
      </div>
    </div>
    <p class="trace-key">
      <span><i class="solid"></i>${t("trace.key_in")}</span>
      <span><i class="dashed"></i>${t("trace.key_maybe")}</span>
    </p>
  `;
}
