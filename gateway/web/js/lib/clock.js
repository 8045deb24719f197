// The time, ticking: read `now.value` in a view and it stays right.
import { signal } from "/js/lib/html.js";

export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);
document.addEventListener("visibilitychange", () => (now.value = Date.now()));
