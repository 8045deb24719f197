// A scanner of badges, travellers and lot labels types like a very fast keyboard and ends with Enter. No field needs
// the focus.
import { useEffect, useRef } from "/js/lib/html.js";

const FASTEST_TYPIST_MS = 45;
const SHORTEST = 4;

/** @type {Record<string, string>} */
const MARKS = { Semicolon: ";:", Minus: "-_", Slash: "/?", Period: ".>" };

/**
 * The character of a key, also while a Korean or Vietnamese input method would swallow it.
 * @param {KeyboardEvent} event
 */
function character(event) {
  if (/^[\x21-\x7e]$/.test(event.key)) return event.key;
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return event.shiftKey ? letter[1] : letter[1].toLowerCase();
  if (MARKS[event.code]) return MARKS[event.code][event.shiftKey ? 1 : 0];
  return /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? "";
}

/**
 * Calls `onScan(text)` after a scan. `ignore(text)` may say that it was typed by hand.
 * @param {(text: string) => void} onScan
 * @param {(text: string) => boolean} [ignore]
 */
export function useScanner(onScan, ignore = () => false) {
  const newest = useRef({ onScan, ignore });
  newest.current = { onScan, ignore };
  useEffect(() => {
    let scanned = "";
    let last = 0;
    const listen = (/** @type {KeyboardEvent} */ event) => {
      const now = event.timeStamp;
      if (now - last > FASTEST_TYPIST_MS) scanned = "";
      last = now;
      if (event.key === "Enter") {
        const code = scanned;
        scanned = "";
        if (code.length < SHORTEST || newest.current.ignore(code)) return;
        event.preventDefault();
        event.stopPropagation();
        newest.current.onScan(code);
      } else if (!event.ctrlKey && !event.altKey && !event.metaKey) {
        scanned += character(event);
      }
    };
    addEventListener("keydown", listen, true);
    return () => removeEventListener("keydown", listen, true);
  }, []);
}
