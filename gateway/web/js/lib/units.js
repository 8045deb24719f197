// Units: how many decimals a quantity has, and in which units one of an item may be given.
import { useCatalogue } from "/js/lib/catalogue.js";

/** Decimals of a unit that nobody has defined. */
export const MOST_DECIMALS = 6;
const WHOLE_DIGITS = 6;

/**
 * A unit's name without width, case and blanks: KG, ㎏ and kg are the same.
 * @param {string} name
 */
export const unitKey = (name) => name.normalize("NFKC").toLowerCase().normalize("NFKC").replace(/\s+/g, "");

/**
 * @param {Unit[] | undefined} units
 * @param {string} name
 */
const find = (units, name) =>
  (units ?? [])
    .filter((unit) => unit.active)
    .find((unit) => [unit.code, ...unit.aliases].some((one) => unitKey(one) === unitKey(name)));

/**
 * The decimals of quantities of a unit, by its code or an alias; six while nobody knows it.
 * @param {string | null} [name]
 */
export function useDecimals(name) {
  const units = useCatalogue("units");
  return (name ? find(units, name)?.decimals : undefined) ?? MOST_DECIMALS;
}

/**
 * The units in which a quantity of an item may be given, its own first.
 * @param {{ unit: string, unit_conversions: { unit: string }[] } | null} [item]
 * @returns {string[]}
 */
export function useUnitsOf(item) {
  const units = useCatalogue("units");
  if (!item?.unit) return [];
  const own = [item.unit, ...item.unit_conversions.map((one) => one.unit)];
  const names = [...own, ...own.flatMap((name) => find(units, name)?.related ?? [])];
  return names.filter((name, at) => names.findIndex((one) => sameUnit(units, one, name)) === at);
}

/**
 * @param {Unit[] | undefined} units
 * @param {string} one
 * @param {string} other
 */
const sameUnit = (units, one, other) =>
  unitKey(find(units, one)?.code ?? one) === unitKey(find(units, other)?.code ?? other);

/**
 * What is typed as a quantity of so many decimals: digits, and one point where there are any.
 * @param {string} text
 * @param {number} decimals
 */
export function quantityText(text, decimals) {
  const [whole, ...rest] = text
    .normalize("NFKC")
    .replace(/,/g, ".")
    .replace(/[^\d.]/g, "")
    .split(".");
  return decimals && rest.length ? `${whole}.${rest.join("").slice(0, decimals)}` : whole;
}

/**
 * What is typed as an exact quantity: a number, or a fraction of two.
 * @param {string} text
 */
export const amountText = (text) => text.normalize("NFKC").replace(/[^\d./]/g, "");

/**
 * The value of a number or a fraction as text: "1/4" → 0.25; NaN of what is none.
 * @param {string} text
 */
export function amountOf(text) {
  const [numerator, denominator = "1", ...rest] = text.split("/");
  return rest.length || !numerator.trim() ? NaN : Number(numerator) / Number(denominator);
}

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
