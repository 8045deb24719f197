// How quantities of a unit are typed.

/** Units of whole pieces, as the server counts them; everything else is measured. */
const COUNTED = new Set(["EA", "PCS", "PC", "SET", "\uac1c", "\ub9e4", "\ubcf8"]);
const MEASURED_DECIMALS = 3;
const WHOLE_DIGITS = 6;

/**
 * How many decimals a quantity of this unit has.
 * @param {string | null | undefined} unit
 */
export const decimalsOf = (unit) => (!unit || COUNTED.has(unit.toUpperCase()) ? 0 : MEASURED_DECIMALS);

/**
 * What stands there once `key` (a digit, "." or "back") was touched; a key that does not fit changes nothing. Pure.
 * @param {string} value
 * @param {string} key
 * @param {number} decimals
 */
export function keyed(value, key, decimals) {
  if (key === "back") return value.slice(0, -1);
  return asTyped(`${value}${key}`, decimals) ?? value;
}

/**
 * A typed text as a quantity, "" when it is empty, null when it is none: no more digits than a report takes. Pure.
 * @param {string} text
 * @param {number} decimals
 */
export function asTyped(text, decimals) {
  const plain = text
    .replace(",", ".")
    .replace(/^0+(?=\d)/, "")
    .replace(/^\./, "0.");
  const [whole, part] = plain.split(".");
  const fits = /^\d*(\.\d*)?$/.test(plain) && whole.length <= WHOLE_DIGITS;
  return fits && (part === undefined || (decimals > 0 && part.length <= decimals)) ? plain : null;
}

/**
 * Without what adding decimals leaves behind: six places, as the API has them.
 * @param {number} value
 */
export const exact = (value) => Math.round(value * 1e6) / 1e6;
