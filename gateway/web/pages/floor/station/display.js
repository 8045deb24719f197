// How this tablet is looked at, touched and left: by the left hand, in the sun, by nobody for a while. Kept for the
// tablet, not for a person.
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
/** After so many minutes without a touch the tablet signs out; 0 or null: never. */
export const idleMinutes = kept("idle");
export const IDLE_MINUTES = [0, 2, 5, 10, 30];
