// Which numbered pieces of a lot go with a quantity of it, as the API decides it. Pure.
import { isAlike, readings } from "/js/lib/hangul.js";

/**
 * How many numbers have to be named, and how many may be: pieces without a number go first, so that those that stay are
 * no more than what is left. At a count they are those that were seen: as many as it takes when the pieces that are
 * known to have no number are all there.
 */
export function bounds(kind, count, remaining, quantity) {
  if (!(quantity > 0)) return { least: 0, most: 0 };
  if (kind === "count") {
    const unnumbered = Math.max(0, remaining - count);
    const least = quantity > remaining ? 1 : Math.max(1, Math.floor(quantity - unnumbered));
    return { least: Math.min(count, least), most: Math.floor(quantity) };
  }
  return {
    least: Math.max(0, count - Math.floor(Math.max(remaining - quantity, 0))),
    most: Math.min(count, Math.ceil(quantity)),
  };
}

/** The numbers that go where nobody chooses: all of them, none, or the last ones of a part; else somebody has to. */
export function suggested(kind, codes, remaining, quantity) {
  if (kind === "count") return quantity >= codes.length ? codes : [];
  const { least } = bounds(kind, codes.length, remaining, quantity);
  if (least === codes.length) return codes;
  return kind === "split" && least > 0 ? codes.slice(-least) : [];
}

/** The number that was typed or scanned, as the lot has it: capitals and the keyboard's language do not matter. */
export function matching(codes, text) {
  const typed = readings(text);
  return typed.find((one) => codes.includes(one)) ?? codes.find((code) => typed.some((one) => isAlike(code, one)));
}
