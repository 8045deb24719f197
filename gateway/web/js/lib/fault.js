// A form that was refused: the first field at fault comes into sight and into focus, however long the form is.

/** Fields that are marked, those that only say it in words, and at last what stands above the fields. */
const FAULTS = ['[aria-invalid="true"]', ".field:has(.error), .fault", ".notice.stop"];

/** The form that is in front of everything else. */
const inFront = () =>
  [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.querySelector("main") ?? document;

/** Shows the first fault once the screen says what was refused. */
export function showFault() {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const form = inFront();
      const found = FAULTS.map((kind) => form.querySelector(kind)).find(Boolean);
      if (!found) return;
      const field = /** @type {HTMLElement} */ (found.closest(".field") ?? found);
      field.scrollIntoView({ block: "center" });
      const control = found.matches("input, select, textarea, button")
        ? found
        : field.querySelector("input, select, textarea, button");
      /** @type {HTMLElement | null} */ (control)?.focus({ preventScroll: true });
    }),
  );
}
