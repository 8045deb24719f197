// Values that the release before stored in this browser: their references have names without `_id`. For one release.

/** @type {Record<string, string>} */
const PRESENT = { picture: "picture_id", media: "media_id" };

/**
 * A stored JSON value with the present names of references.
 * @param {any} value
 * @returns {any}
 */
export function withPresentNames(value) {
  if (Array.isArray(value)) return value.map(withPresentNames);
  if (!value || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [PRESENT[name] ?? name, withPresentNames(one)]));
}
