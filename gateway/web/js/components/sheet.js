// Sheets and dialogs on the browser's own <dialog>: focus stays inside, Esc closes, and the page behind is inert.
import { html, useId, useLayoutEffect, useRef } from "/js/lib/html.js";
import { Button } from "/js/components/button.js";
import { t } from "/js/lib/i18n.js";

/**
 * @param {boolean | undefined} open
 * @param {() => void} onClose
 */
function useModal(open, onClose) {
  const box = useRef(null);
  // Before the next key or touch: an Esc right after the opening is the sheet's, not the page's.
  useLayoutEffect(() => {
    const dialog = box.current;
    if (!dialog) return undefined;
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
    dispatchEvent(new Event("sheet")); // what stands above it finds its place
    return () => {
      if (dialog.open) dialog.close();
      dispatchEvent(new Event("sheet"));
      // The dialog leaves the page while it is open, so the browser cannot give the focus back. A field is left alone:
      // some open their sheet when focused.
      if (open && before?.isConnected && !before.matches("body, input")) before.focus();
    };
  }, [open]);
  /** @param {Event} event */
  const cancel = (event) => {
    event.preventDefault();
    onClose();
  };
  /** @param {Event} event */
  const outside = (event) => event.target === box.current && onClose();
  // A browser may close without asking (a second Esc that nothing touched between). One that has left is closed by us.
  /** @param {Event} event */
  const closed = (event) => event.target === box.current && box.current?.isConnected && onClose();
  return { ref: box, onCancel: cancel, onClick: outside, onClose: closed };
}

/**
 * from: "bottom" (tablet) or "side" (office). Its children are only drawn while it is open.
 * @param {SheetProps} props
 */
export function Sheet({ open, onClose, title, from = "bottom", head, footer, children, class: extra = "", ...rest }) {
  const modal = useModal(open, onClose);
  const id = useId();
  if (!open) return null;
  return html`<dialog class="sheet ${from} ${extra}" aria-labelledby=${id} ...${modal} ...${rest}>
    <header class="sheet-head">
      <h2 id=${id} class="grow" data-notices>${title}</h2>
      ${head}
      <${Button}
        kind="quiet"
        icon="close"
        class="sheet-close"
        data-testid="sheet-close"
        aria-label=${t("action.close")}
        onClick=${onClose}
      />
    </header>
    <div class="sheet-body" tabindex="0">${children}</div>
    ${footer && html`<footer class="sheet-foot">${footer}</footer>`}
  </dialog>`;
}

/**
 * A question in the middle of the page; `actions` are its buttons.
 * @param {Attributes & { open?: boolean, onClose: () => void, title: View, actions?: View }} props
 */
export function Dialog({ open, onClose, title, children, actions, class: extra = "", ...rest }) {
  const modal = useModal(open, onClose);
  const id = useId();
  if (!open) return null;
  return html`<dialog class="dialog ${extra}" aria-labelledby=${id} ...${modal} ...${rest}>
    <div class="dialog-body"><h2 id=${id}>${title}</h2>${children}</div>
    <div class="dialog-foot">${actions}</div>
  </dialog>`;
}
