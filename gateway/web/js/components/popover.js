// A panel that a button opens beside itself, on the browser's own popover: above everything, Esc and a touch elsewhere
// close it.
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";

const EDGE = 8;

/**
 * @param {HTMLElement} panel
 * @param {HTMLElement} button
 */
function position(panel, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + 6 + height <= innerHeight - EDGE || at.top < height + EDGE;
  panel.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`;
  const lowest = Math.max(EDGE, innerHeight - height - EDGE);
  panel.style.top = `${below ? Math.min(at.bottom + 6, lowest) : at.top - height - 6}px`;
}

/**
 * `button` is what stands in the button, `children` a function that gets `close`; drawn only while it is open.
 * @param {Attributes & { button: View, children: (close: () => void) => View, panel?: string }} props
 */
export function Popover({ button, children, class: extra = "button", panel: panelClass = "", ...rest }) {
  const id = useId();
  const opener = useRef(null);
  const panel = useRef(null);
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const element = panel.current;
    const change = (/** @type {ToggleEvent} */ event) => setOpen(event.newState === "open");
    element.addEventListener("beforetoggle", change);
    return () => element.removeEventListener("beforetoggle", change);
  }, []);
  useLayoutEffect(() => {
    if (!open) return undefined;
    // the browser shows the panel after this, and before it paints: only then it has a size
    const frame = requestAnimationFrame(() => position(panel.current, opener.current));
    panel.current.querySelector("[autofocus], button")?.focus({ preventScroll: true });
    // a page that still rolls out carries the panel along; what rolls out of sight is closed
    const follow = (/** @type {Event} */ event) => {
      if (!panel.current || panel.current.contains(event.target)) return;
      const { top, bottom } = opener.current.getBoundingClientRect();
      if (bottom < 0 || top > innerHeight) panel.current.hidePopover();
      else position(panel.current, opener.current);
    };
    addEventListener("scroll", follow, { capture: true, passive: true });
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener("scroll", follow, { capture: true });
    };
  }, [open]);
  const close = () => panel.current?.hidePopover();
  return html`
    <button type="button" ref=${opener} class=${extra} popovertarget=${id} aria-expanded=${open} ...${rest}>
      ${button}
    </button>
    <div id=${id} ref=${panel} popover="auto" class="popover ${panelClass}">${open && children(close)}</div>
  `;
}

/**
 * A menu of further actions: items [{key, icon, text, tone, href, testid, run}].
 * @param {Attributes & { label: string, items: (MenuItem | null | undefined | false | "")[] }} props
 */
export function Menu({ label, items, ...rest }) {
  const shown = items.filter((item) => item !== null && item !== undefined && item !== false && item !== "");
  if (!shown.length) return null;
  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    /** @type {HTMLElement[]} */
    const all = Array.from(event.currentTarget.querySelectorAll("[role=menuitem]"));
    const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    all[(at + step + all.length) % all.length].focus();
  };
  /** @param {MenuItem} item */
  const inside = (item) => html`${icon(item.icon)}<span>${item.text}</span>`;
  return html`<${Popover}
    class="button icon-only"
    aria-label=${label}
    title=${label}
    button=${icon("more")}
    panel="menu"
    ...${rest}
  >
    ${(close) =>
      html`<div role="menu" onKeyDown=${move}>
        ${shown.map((item) =>
          item.href
            ? html`<a
                role="menuitem"
                key=${item.key}
                href=${item.href}
                class=${item.tone ? `tone-${item.tone}` : ""}
                data-testid=${item.testid}
                onClick=${close}
              >
                ${inside(item)}
              </a>`
            : html`<button
                type="button"
                role="menuitem"
                key=${item.key}
                class=${item.tone ? `tone-${item.tone}` : ""}
                data-testid=${item.testid}
                onClick=${() => {
                  close();
                  item.run();
                }}
              >
                ${inside(item)}
              </button>`,
        )}
      </div>`}
  <//>`;
}
