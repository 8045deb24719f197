// How this tablet is looked at and touched: by the left hand, in the sun. Kept for the tablet, not for a person.
import { signal } from "/js/lib/html.js";
import { recall, remember } from "/js/lib/store.js";

const kept = (name) => {
  const held = signal(recall(name));
  held.subscribe((value) => remember(name, value));
  return held;
};

/** "left" or null. */
export const hand = kept("hand");
/** "high" or null. */
export const contrast = kept("contrast");
