import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Skeleton } from "/js/components/feedback.js";

/**
 * @param {any} a
 * @param {any} b
 */
const compare = (a, b) =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a ?? "").localeCompare(String(b ?? ""), undefined, { numeric: true });

/**
 * @param {any[]} rows
 * @param {Column[]} columns
 * @param {Sort | null} sort
 */
function sorted(rows, columns, sort) {
  const by = columns.find((column) => column.key === sort?.key)?.sort;
  return by ? [...rows].sort((a, b) => compare(by(a), by(b)) * (sort?.down ? -1 : 1)) : rows;
}

/**
 * The dense office table. columns: [{key, label, align: "end"?, render(row), sort(row)?, class?, total?}];
 * `rowKey(row)`; `onOpen(row)` for a click or Enter;
 * A column's `total` stands in a last line that is not sorted. `selected` (a Set of keys) with `onSelect(Set)` shows
 * check boxes. Arrows move, space selects. `empty` is shown when there are no rows; rows undefined: loading; `foot`
 * stands below the rows.
 * @param {Attributes & TableProps} props
 */
export function Table({
  columns,
  rows,
  rowKey,
  onOpen,
  selected,
  onSelect,
  empty,
  current,
  compact = false,
  label,
  foot,
  class: extra = "",
  ...rest
}) {
  const [sort, setSort] = useState(null);
  const body = useRef(null);
  const [active, setActive] = useState(0);
  const shown = rows ? sorted(rows, columns, sort) : [];
  useEffect(() => {
    if (active >= shown.length && active > 0) setActive(Math.max(0, shown.length - 1));
  }, [shown.length]);

  /** @param {string} key */
  const toggle = (key) => {
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect?.(next);
  };
  const allChosen = shown.length > 0 && selected && shown.every((row) => selected.has(rowKey(row)));
  /**
   * @param {KeyboardEvent & { currentTarget: HTMLElement }} event
   * @param {number} index
   * @param {any} row
   */
  const move = (event, index, row) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = Math.min(shown.length - 1, Math.max(0, index + step));
      setActive(next);
      body.current?.children[next]?.focus();
    } else if (event.target === event.currentTarget && event.key === "Enter" && onOpen) {
      event.preventDefault();
      onOpen(row);
    } else if (event.target === event.currentTarget && event.key === " " && onSelect) {
      event.preventDefault();
      toggle(rowKey(row));
    }
  };
  /**
   * @param {MouseEvent & { target: HTMLElement }} event
   * @param {any} row
   */
  const click = (event, row) => {
    if (onOpen && !event.target.closest("a, button, input, select, label")) onOpen(row);
  };
  /** @param {Column} column */
  const header = (column) => {
    if (!column.sort) return column.label;
    const down = sort?.key === column.key && sort.down;
    return html`<button
      type="button"
      onClick=${() => setSort(down ? null : { key: column.key, down: sort?.key === column.key })}
    >
      ${column.label}
      ${sort?.key === column.key && icon(down ? "down" : "up")}
    </button>`;
  };
  /** @param {Column} column */
  const ariaSort = (column) => (sort?.key === column.key ? (sort.down ? "descending" : "ascending") : undefined);

  if (!rows) return html`<div class="card card-body"><${Skeleton} rows="8" height="40" gap="20" /></div>`;
  if (!shown.length && empty) return html`<div class="card">${empty}</div>`;
  return html`<div class="card table-card ${extra}" ...${rest}>
    <table class="table ${compact ? "compact" : ""}" aria-label=${label}>
      <thead>
        <tr>
          ${
            onSelect &&
            html`<th class="check">
              <input
                type="checkbox"
                aria-label=${t("action.select_all")}
                checked=${allChosen}
                onChange=${() => onSelect(allChosen ? new Set() : new Set(shown.map(rowKey)))}
              />
            </th>`
          }
          ${columns.map(
            (column) =>
              html`<th
                key=${column.key}
                class="${column.align || ""} ${column.sort ? "sortable" : ""} ${column.class || ""}"
                aria-sort=${ariaSort(column)}
              >
                ${header(column)}
              </th>`,
          )}
        </tr>
      </thead>
      <tbody ref=${body}>
        ${shown.map(
          (row, index) => html`<tr
            key=${rowKey(row)}
            tabindex=${index === active ? 0 : -1}
            class="${onOpen ? "opens" : ""} ${rowKey(row) === current ? "current" : ""}"
            aria-selected=${selected ? selected.has(rowKey(row)) : undefined}
            onFocus=${() => setActive(index)}
            onKeyDown=${(event) => move(event, index, row)}
            onClick=${(event) => click(event, row)}
          >
            ${
              onSelect &&
              html`<td class="check">
                <input
                  type="checkbox"
                  tabindex="-1"
                  aria-label=${t("action.select")}
                  checked=${selected.has(rowKey(row))}
                  onChange=${() => toggle(rowKey(row))}
                />
              </td>`
            }
            ${columns.map(
              (column) =>
                html`<td key=${column.key} class="${column.align || ""} ${column.class || ""}">
                  ${column.render(row)}
                </td>`,
            )}
          </tr>`,
        )}
      </tbody>
      ${
        columns.some((column) => column.total !== undefined) &&
        html`<tfoot>
          <tr>
            ${columns.map(
              (column) =>
                html`<td key=${column.key} class="${column.align || ""} ${column.class || ""}">${column.total}</td>`,
            )}
          </tr>
        </tfoot>`
      }
    </table>
    ${foot}
  </div>`;
}
