// What the window is called: how much waits for this person, the page, the shop. A tab in the background tells it too.
import { effect, signal } from "/js/lib/html.js";

/** The page and the shop. */
export const pageName = signal("");
/** How much waits; 0 where nobody counts. */
export const waits = signal(0);

effect(() => {
  if (pageName.value) document.title = waits.value ? `(${waits.value}) ${pageName.value}` : pageName.value;
});
