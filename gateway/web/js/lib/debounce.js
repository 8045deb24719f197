// A finger that bounces on a sheet's button touches, once the sheet has gone, what was below it: a call for help, say.
// That second touch is left out. A mouse does not bounce, but the second half of its double click is no click of its
// own.
const BOUNCE_MS = 400;
const BOUNCE_PX = 40;

export function ignoreBounces() {
  /** @type {{ at: number, x: number, y: number, touched: Element } | null} */
  let last = null;
  /** @param {PointerEvent & { target: Element }} event */
  const filter = (event) => {
    const { detail, pointerType, timeStamp: at, clientX: x, clientY: y } = event;
    if (detail === 0) return; // from the keyboard
    if (
      last &&
      (pointerType !== "mouse" || detail > 1) &&
      at - last.at < BOUNCE_MS &&
      Math.hypot(x - last.x, y - last.y) < BOUNCE_PX &&
      !last.touched.isConnected
    ) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    last = { at, x, y, touched: event.target.closest("button, a, label") ?? event.target };
  };
  document.addEventListener("click", /** @type {EventListener} */ (/** @type {unknown} */ (filter)), { capture: true });
}
