// The time, ticking: read `now.value` in a view and it stays right.
import { signal, useEffect, useRef } from "/js/lib/html.js";

export const now = signal(Date.now());
setInterval(() => (now.value = Date.now()), 1000);
document.addEventListener("visibilitychange", () => (now.value = Date.now()));

/**
 * Calls `work` once a minute while the screen is shown: a shift ends and an order becomes late without any event.
 * @param {() => void} work
 */
export function useEveryMinute(work) {
  const newest = useRef(work);
  newest.current = work;
  useEffect(() => {
    const timer = setInterval(() => newest.current(), 60000);
    return () => clearInterval(timer);
  }, []);
}
