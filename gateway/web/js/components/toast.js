// Short news at the foot of the page. A popover, so that it also stands above an open sheet. At a machine it is one at
// a time, in the heading's part that is marked data-notices: there is neither a figure nor a control in it.
import { html, signal, useEffect, useRef } from "/js/lib/html.js";
import { ApiProblem } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { problemText } from "/js/components/feedback.js";

const SHOWN_MS = 4000;
/** What went wrong is read more slowly, and has more words. */
const STOP_MS = 7000;
const LARGEST = 19;
const SMALLEST = 12;

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
  {
    tone = "",
    icon: glyph = tone === "stop" ? "warning" : "check",
    action,
    ms = tone === "stop" ? STOP_MS : SHOWN_MS,
  } = {},
) {
  const id = next++;
  const away = () => (shown.value = shown.value.filter((one) => one.id !== id));
  const others = shown.value.filter((one) => one.message !== message);
  shown.value = [...others.slice(-2), { id, message, tone, glyph, action, ms, away }];
  return away;
}

/**
 * Says what went wrong, and of the first field at fault what is wrong with it.
 * @param {unknown} error
 */
export function toastProblem(error) {
  const said = error instanceof ApiProblem ? error.errors[0]?.message : null;
  return toast([problemText(error), said].filter(Boolean).join(": "), { tone: "stop" });
}

/** At a machine: where news may stand, in the sheet that is open or in the page. */
function placeOf() {
  const sheet = [...document.querySelectorAll(".operator dialog[open]")].at(-1);
  return sheet?.querySelector("[data-notices]") ?? document.querySelector(".operator [data-notices]");
}

/**
 * Fits the box into its place, and what it says into the box.
 * @param {HTMLElement} box
 */
function fit(box) {
  const place = placeOf()?.getBoundingClientRect();
  box.toggleAttribute("data-placed", Boolean(place?.height));
  for (const side of /** @type {const} */ (["left", "top", "width", "height"]))
    box.style[side] = place?.height ? `${place[side]}px` : "";
  const one = /** @type {HTMLElement | null} */ (box.querySelector(".toast"));
  if (!one) return;
  one.style.fontSize = "";
  if (!place?.height) return;
  for (let size = LARGEST; size >= SMALLEST; size -= 1) {
    one.style.fontSize = `${size}px`;
    if (one.scrollHeight <= one.clientHeight) return;
  }
}

/** @param {{ news: ToastNews }} props */
function Toast({ news }) {
  useEffect(() => {
    const timer = setTimeout(news.away, news.ms);
    return () => clearTimeout(timer);
  }, []);
  return html`<div class="toast ${news.tone}" role=${news.tone === "stop" ? "alert" : "status"}>
    ${icon(news.glyph)}
    <span class="grow">${news.message}</span>
    ${
      news.action &&
      html`<button
        type="button"
        data-testid=${news.action.testid}
        onClick=${() => {
          news.away();
          news.action?.run();
        }}
      >
        ${news.action.label}
      </button>`
    }
  </div>`;
}

export function Toasts() {
  const box = useRef(null);
  const every = shown.value;
  const stops = every.filter((one) => one.tone === "stop");
  const seen = placeOf() ? (stops.length ? stops : every).slice(-1) : every;
  useEffect(() => {
    const element = box.current;
    if (!element.showPopover) return undefined;
    const show = () => {
      if (element.matches(":popover-open")) element.hidePopover();
      if (!every.length) return;
      element.showPopover();
      fit(element);
    };
    const settle = () => fit(element); // a sheet has risen to where it stays
    show();
    addEventListener("resize", settle);
    addEventListener("sheet", show);
    addEventListener("animationend", settle);
    return () => {
      removeEventListener("resize", settle);
      removeEventListener("sheet", show);
      removeEventListener("animationend", settle);
    };
  }, [every]);
  return html`<div class="toasts" popover="manual" ref=${box} aria-live="polite">
    ${seen.map((news) => html`<${Toast} key=${news.id} news=${news} />`)}
  </div>`;
}
