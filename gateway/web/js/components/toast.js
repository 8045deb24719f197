// Short news at the foot of the page. A popover, so that it also stands above an open sheet.
import { html, signal, useEffect, useRef } from "/js/lib/html.js";
import { ApiProblem } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { problemText } from "/js/components/feedback.js";

/** @type {Signal<ToastNews[]>} */
const shown = signal([]);
let next = 1;

/**
 * Says something for `ms`; action: {label, run, testid}. Returns a function that removes it.
 * @param {string} message
 * @param {ToastOptions} [options]
 */
export function toast(
  message,
  { tone = "", icon: glyph = tone === "stop" ? "warning" : "check", action, ms = 4000 } = {},
) {
  const id = next++;
  const away = () => (shown.value = shown.value.filter((one) => one.id !== id));
  shown.value = [...shown.value.slice(-2), { id, message, tone, glyph, action, away }];
  setTimeout(away, ms);
  return away;
}

/**
 * Says what went wrong, and of the first field at fault what is wrong with it.
 * @param {unknown} error
 */
export function toastProblem(error) {
  const said = error instanceof ApiProblem ? error.errors[0]?.message : null;
  return toast([problemText(error), said].filter(Boolean).join(": "), { tone: "stop", ms: 7000 });
}

export function Toasts() {
  const box = useRef(null);
  const any = shown.value.length;
  useEffect(() => {
    const element = box.current;
    if (!element.showPopover) return;
    if (element.matches(":popover-open")) element.hidePopover();
    if (any) element.showPopover();
  }, [shown.value]);
  return html`<div class="toasts" popover="manual" ref=${box} aria-live="polite">
    ${shown.value.map(
      (one) => html`<div class="toast ${one.tone}" key=${one.id} role=${one.tone === "stop" ? "alert" : "status"}>
        ${icon(one.glyph)}
        <span class="grow">${one.message}</span>
        ${
          one.action &&
          html`<button
            type="button"
            data-testid=${one.action.testid}
            onClick=${() => {
              one.away();
              one.action?.run();
            }}
          >
            ${one.action.label}
          </button>`
        }
      </div>`,
    )}
  </div>`;
}
