// Addresses that lead to a field: `#unit`, `#operations.20`. The field is `[data-field="unit"]` on the page.
import { useEffect } from "/js/lib/html.js";
import { hash } from "/js/lib/router.js";

// Parts of a page, which have no field of their own to be in focus.
const PARTS = ["bom", "routing", "history"];
// A code is for ever: whoever comes to mend one takes it out of use.
/** @type {Record<string, string>} */
const ALIASES = { code: "active" };

/** The field that the address names, or "". */
export function linkedField() {
  const name = decodeURIComponent(hash.value.slice(1));
  return ALIASES[name] ?? name;
}

/**
 * Brings a field into sight and into focus once `ready` is true, each time the address names it anew; whoever types
 * already is left alone.
 * @param {string} name
 * @param {boolean} ready
 */
export function useLinkedField(name, ready) {
  useEffect(() => {
    if (!name || !ready || PARTS.includes(name)) return undefined;
    const frame = requestAnimationFrame(() => {
      const element = document.querySelector(`[data-field="${CSS.escape(name)}"]`);
      if (!element || document.activeElement?.matches("input, select, textarea")) return;
      element.scrollIntoView({ block: "center" });
      const control = element.querySelector("input:not([type=file]), select, textarea, button");
      /** @type {HTMLElement | null} */ (control)?.focus({ preventScroll: true });
      element.classList.add("found");
      setTimeout(() => element.classList.remove("found"), 2400);
    });
    return () => cancelAnimationFrame(frame);
  }, [name, ready]);
}
