// What kind of screen this is, as the style sheets ask it.
import { useEffect, useState } from "/js/lib/html.js";

/**
 * True while the media query fits: `const phone = useMedia(PHONE)`.
 * @param {string} query
 */
export function useMedia(query) {
  const [fits, setFits] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const list = matchMedia(query);
    const change = () => setFits(list.matches);
    change();
    list.addEventListener("change", change);
    return () => list.removeEventListener("change", change);
  }, [query]);
  return fits;
}

/** Held in the hand: it has a camera. */
export const TOUCH = "(any-pointer: coarse)";
export const PHONE = "(max-width: 760px)";
