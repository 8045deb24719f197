// A badge scanner types like a very fast keyboard and ends with Enter.
import { useEffect, useRef } from "/js/lib/html.js";

const FASTEST_TYPIST_MS = 45;
const SHORTEST_BADGE = 4;

/** The character of a key, also while a Korean or Vietnamese input method would swallow it. */
function character(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key;
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return event.shiftKey ? letter[1] : letter[1].toLowerCase();
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? "";
}

/** Calls `onBadge(code)` after a scan. `ignore(code)` may say that it was typed by hand. */
export function useBadge(onBadge, ignore = () => false) {
  const newest = useRef(null);
  newest.current = { onBadge, ignore };
  useEffect(() => {
    let scanned = "";
    let last = 0;
    const listen = (event) => {
      const now = event.timeStamp;
      if (now - last > FASTEST_TYPIST_MS) scanned = "";
      last = now;
      if (event.key === "Enter") {
        const code = scanned;
        scanned = "";
        if (code.length < SHORTEST_BADGE || newest.current.ignore(code)) return;
        event.preventDefault();
        event.stopPropagation();
        newest.current.onBadge(code);
      } else if (!event.ctrlKey && !event.altKey && !event.metaKey) {
        scanned += character(event);
      }
    };
    addEventListener("keydown", listen, true);
    return () => removeEventListener("keydown", listen, true);
  }, []);
}
