// A table of many thousand rows: only those in sight, and a few around them, are in the page. Every row has the same
// height.
import { html, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";

const AROUND = 8;
const STEP = 4; // the window moves in steps, so that most scroll events change nothing

/**
 * One row; drawn anew only when something of its own has changed.
 * @param {RowProps} props
 */
function Row({ row, index, id, columns, picked, active, current, selectable, height, level }) {
  return useMemo(
    () => html`<tr
      id=${id}
      data-index=${index}
      aria-rowindex=${index + 2}
      aria-level=${level}
      aria-selected=${selectable ? picked : undefined}
      style=${{ height: `${height}px` }}
      class="opens ${active ? "active" : ""} ${current ? "current" : ""}"
    >
      ${
        selectable &&
        html`<td class="check">
          <label><input type="checkbox" tabindex="-1" aria-label=${t("action.select")} checked=${picked} /></label>
        </td>`
      }
      ${columns.map(
        (column) =>
          html`<td key=${column.key} class="${column.align || ""} ${column.class || ""}">${column.render(row)}</td>`,
      )}
    </tr>`,
    [row, index, id, columns, picked, active, current, selectable, height, level],
  );
}

/**
 * Where the rows stand against what is in sight: the page's own scrolling and the table's are both looked at.
 * @param {HTMLElement} box
 * @param {HTMLElement} field
 * @param {number} head
 */
function visibleRange(box, field, head) {
  const outer = box.getBoundingClientRect();
  const top = Math.max(outer.top, 0) + head;
  const bottom = Math.min(outer.bottom, innerHeight);
  return { top, bottom, rows: field.getBoundingClientRect().top + head };
}

/**
 * columns: [{key, label, render(row), align?, class?, sortable?}] (keep the array while nothing changed: it decides
 * what is drawn anew); rows; `rowKey(row)`; `height` of a row in px.
 * `sort` {key, down} with `onSort(key)`; `selected` (a Set of keys) with `onSelect(Set)`; `onOpen(row)`; `onFold(row,
 * folded)` for trees, with `levelOf(row)`; `foot` stands below the rows.
 * Keys: arrows, Page, Home, End move; Enter opens; space ticks, with Shift a range; Ctrl+A ticks all; Esc unticks.
 * @param {Attributes & LongTableProps} props
 */
export function LongTable({
  label,
  columns,
  rows,
  rowKey,
  height,
  sort,
  onSort,
  selected,
  onSelect,
  onOpen,
  onFold,
  levelOf,
  current,
  foot,
  class: extra = "",
  ...rest
}) {
  const id = useId();
  const box = useRef(null);
  const field = useRef(null);
  const table = useRef(null);
  const [span, setSpan] = useState({ from: 0, to: 24 });
  const [active, setActive] = useState(null);
  const anchor = useRef(null);
  const head = () => table.current.tHead.offsetHeight;

  const measure = () => {
    if (!box.current) return;
    const at = visibleRange(box.current, field.current, head());
    const first = Math.floor((at.top - at.rows) / height) - AROUND;
    const last = Math.ceil((at.bottom - at.rows) / height) + AROUND;
    const from = Math.max(0, Math.floor(first / STEP) * STEP);
    const to = Math.max(from + STEP, Math.ceil(last / STEP) * STEP);
    setSpan((now) => (now.from === from && now.to === to ? now : { from, to }));
  };
  useLayoutEffect(measure, [rows.length, height]);
  useEffect(() => {
    addEventListener("scroll", measure, { capture: true, passive: true });
    addEventListener("resize", measure);
    return () => {
      removeEventListener("scroll", measure, { capture: true });
      removeEventListener("resize", measure);
    };
  }, [height]);

  /** @param {any} key */
  const indexOf = (key) => (key === null ? -1 : rows.findIndex((row) => rowKey(row) === key));
  /** @param {number} index */
  const reveal = (index) => {
    const at = visibleRange(box.current, field.current, head());
    const top = at.rows + index * height;
    const scroller = box.current.scrollHeight > box.current.clientHeight + 1 ? box.current : document.scrollingElement;
    if (top < at.top) scroller.scrollTop -= at.top - top;
    else if (top + height > at.bottom) scroller.scrollTop += top + height - at.bottom;
    measure();
  };
  /**
   * @param {number} index
   * @param {boolean} range
   */
  const toggle = (index, range) => {
    const key = rowKey(rows[index]);
    const next = new Set(selected);
    const begin = range ? indexOf(anchor.current) : -1;
    if (begin >= 0) {
      for (let at = Math.min(begin, index); at <= Math.max(begin, index); at += 1) next.add(rowKey(rows[at]));
    } else if (!next.delete(key)) next.add(key);
    anchor.current = key;
    onSelect(next);
  };
  /** @param {number} index */
  const go = (index) => {
    const position = Math.max(0, Math.min(rows.length - 1, index));
    setActive(rowKey(rows[position]));
    reveal(position);
  };
  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  const press = (event) => {
    if (!rows.length || event.target !== event.currentTarget) return;
    const at = indexOf(active);
    const page = Math.max(1, Math.floor((box.current.clientHeight - head()) / height) - 1);
    /** @type {Record<string, number>} */
    const moves = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? 0 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: rows.length - 1,
    };
    if (event.key in moves) {
      if (event.shiftKey && selected && at >= 0 && event.key.startsWith("Arrow")) {
        anchor.current ??= rowKey(rows[at]);
        toggle(Math.max(0, Math.min(rows.length - 1, moves[event.key])), true);
      }
      go(moves[event.key]);
    } else if (event.key === "Enter" && at >= 0) onOpen(rows[at]);
    else if (event.key === " " && at >= 0 && selected) toggle(at, event.shiftKey);
    else if (event.key === "ArrowRight" && at >= 0) onFold?.(rows[at], false);
    else if (event.key === "ArrowLeft" && at >= 0) onFold?.(rows[at], true);
    else if (event.key === "a" && (event.ctrlKey || event.metaKey) && selected) onSelect(new Set(rows.map(rowKey)));
    else if (event.key === "Escape" && selected?.size) onSelect(new Set());
    else return;
    event.preventDefault();
  };
  /** @param {MouseEvent & { target: HTMLElement }} event */
  const touch = (event) => {
    /** @type {HTMLElement | null} */
    const line = event.target.closest("tr[data-index]");
    const row = line && rows[Number(line.dataset.index)];
    if (!row) return;
    setActive(rowKey(row));
    if (event.target.matches(".check input")) {
      toggle(Number(line.dataset.index), event.shiftKey);
      table.current.focus({ preventScroll: true });
    } else if (!event.target.closest("a, button, label")) onOpen(row);
  };

  const allChosen =
    rows.length > 0 && selected && selected.size >= rows.length && rows.every((row) => selected.has(rowKey(row)));
  /** @param {Column} column */
  const header = (column) => {
    if (!column.sortable) return column.label;
    return html`<button type="button" onClick=${() => onSort(column.key)}>
      ${column.label}
      ${sort?.key === column.key && icon(sort.down ? "down" : "up")}
    </button>`;
  };
  /** @param {Column} column */
  const ariaSort = (column) => (sort?.key === column.key ? (sort.down ? "descending" : "ascending") : undefined);
  const from = Math.min(span.from, Math.max(0, rows.length - 1));
  const shown = rows.slice(from, span.to);
  const total = rows.length * height;
  return html`<div class="card table-card long-table ${extra}" ref=${box} ...${rest}>
    <div
      class="long-field"
      ref=${field}
      style=${{
        paddingTop: `${from * height}px`,
        paddingBottom: `${Math.max(0, total - (from + shown.length) * height)}px`,
      }}
    >
      <table
        class="table"
        role=${onFold ? "treegrid" : "grid"}
        ref=${table}
        tabindex="0"
        aria-label=${label}
        aria-rowcount=${rows.length + 1}
        aria-multiselectable=${Boolean(selected)}
        aria-activedescendant=${active !== null ? `${id}-${active}` : undefined}
        onKeyDown=${press}
        onClick=${touch}
      >
        <thead>
          <tr aria-rowindex="1">
            ${
              selected &&
              html`<th class="check">
                <input
                  type="checkbox"
                  aria-label=${t("action.select_all")}
                  checked=${allChosen}
                  onChange=${() => onSelect(allChosen ? new Set() : new Set(rows.map(rowKey)))}
                />
              </th>`
            }
            ${columns.map(
              (column) =>
                html`<th
                  key=${column.key}
                  class="${column.align || ""} ${column.sortable ? "sortable" : ""} ${column.class || ""}"
                  aria-sort=${ariaSort(column)}
                >
                  ${header(column)}
                </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${shown.map((row, offset) => {
            const key = rowKey(row);
            return html`<${Row}
              key=${key}
              id="${id}-${key}"
              row=${row}
              index=${from + offset}
              columns=${columns}
              height=${height}
              selectable=${Boolean(selected)}
              level=${levelOf?.(row)}
              picked=${Boolean(selected?.has(key))}
              active=${key === active}
              current=${key === current}
            />`;
          })}
        </tbody>
      </table>
    </div>
    ${foot}
  </div>`;
}
