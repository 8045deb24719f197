// A routing as a picture: a box for each operation, a line from each to what waits for it.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { nameOf } from "/js/lib/fields.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { operationWords } from "/pages/setup/item/words.js";
import { layout } from "/pages/setup/item/layout.js";

function useWidth() {
  const box = useRef(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry.contentRect.width)));
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  return [box, width];
}

function Box({ step, at, current, fault, onPick }) {
  const words = operationWords(step);
  const place = { left: `${at.x}px`, top: `${at.y}px`, width: `${at.w}px`, height: `${at.h}px` };
  return html`<button
    type="button"
    class="op-box ${step.subcontract ? "outside" : ""} ${fault ? "fault" : ""}"
    style=${place}
    aria-current=${current}
    data-testid="box-${step.op}"
    onClick=${() => onPick(step)}
  >
    <span class="op-name"><b>${step.op}</b><span class="ellipsis">${nameOf(step.name) || "–"}</span></span>
    <span class="op-where ellipsis">${words.where}</span>
    <span class="op-time ellipsis">${words.time}</span>
    ${words.setup && html`<span class="op-time ellipsis">${words.setup}</span>`}
    <span class="op-marks">
      ${step.tool && html`<span class="op-mark ellipsis" title=${t("fact.tool")}>${icon("tools")}${step.tool}</span>`}
      ${
        step.self_inspection &&
        html`<span class="op-mark" title=${t("fact.self_inspection")}>
          ${icon("shield", { label: t("fact.self_inspection") })}
        </span>`
      }
      ${
        step.instruction &&
        html`<span class="op-mark" title="${t("fact.instruction")} ${step.instruction}">
          ${icon("file", { label: t("fact.instruction") })}
        </span>`
      }
      ${
        step.machines.length > 0 &&
        html`<span class="op-mark" title="${t("fact.machines")} ${step.machines.join(", ")}">
          +${step.machines.length}
        </span>`
      }
    </span>
  </button>`;
}

/** operations: forms of operations; waits: [{op, before}]; `faults`: operations with something to mend. */
export function Graph({ operations, waits, current, faults = [], onPick }) {
  const [box, width] = useWidth();
  const drawn = layout(waits, width);
  const stepOf = (op) => operations.find((step) => Number(step.op) === op);
  return html`<div
    class="graph"
    ref=${box}
    style=${{ height: `${drawn.height}px` }}
    role="group"
    aria-label=${t("routing.graph")}
    data-testid="routing-graph"
  >
    <svg width=${width} height=${drawn.height} aria-hidden="true">
      <defs>
        <marker
          id="arrow"
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path class="graph-head" d="M0 0.500L8 4L0 7.500z" />
        </marker>
      </defs>
      ${drawn.lines.map(
        (line) =>
          html`<path
            key=${line.key}
            class="graph-line"
            d=${line.d}
            marker-end=${line.ends ? "url(#arrow)" : undefined}
          />`,
      )}
    </svg>
    ${drawn.boxes.map(
      (at) =>
        html`<${Box}
          key=${at.op}
          at=${at}
          step=${stepOf(at.op)}
          current=${current === at.op}
          fault=${faults.includes(at.op)}
          onPick=${onPick}
        />`,
    )}
  </div>`;
}
