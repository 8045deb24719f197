// The short lists that fields refer to: machines, work centers, tools. Read when a page needs them, cached for the next
// one.
import { signal, useEffect } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";

/** @type {Record<string, Signal<any[] | undefined>>} */
const lists = {};
/** @param {string} kind */
const listOf = (kind) => (lists[kind] ??= signal(undefined));

/**
 * Reads a list anew.
 * @param {string} kind
 */
export async function readCatalogue(kind) {
  try {
    listOf(kind).value = await all(`/orders/${kind}`);
  } catch {
    listOf(kind).value ??= []; // the codes themselves are still readable and can be typed
  }
}

/**
 * The entries of a kind ("machines", "work-centers" …); undefined until they are there.
 * @param {string} [kind]
 * @returns {any[] | undefined}
 */
export function useCatalogue(kind) {
  useEffect(() => {
    if (kind) readCatalogue(kind);
  }, [kind]);
  return kind ? listOf(kind).value : undefined;
}

/** @type {Signal<Record<string, any>>} */
const items = signal({});
const asked = new Set();

/**
 * Items by code, those of `codes` that nobody has asked for yet are read: {code: item}.
 * @param {string[]} codes
 */
export function useItems(codes) {
  const missing = [...new Set(codes)].filter((code) => code && !asked.has(code));
  useEffect(() => {
    for (const code of missing) {
      asked.add(code);
      get("/orders/items", { q: code, limit: 200 }).then(
        (page) =>
          (items.value = {
            ...items.value,
            ...Object.fromEntries(page.items.map((/** @type {{ code: string }} */ item) => [item.code, item])),
          }),
        () => asked.delete(code),
      );
    }
  }, [missing.join()]);
  return items.value;
}
