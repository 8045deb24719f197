// The short lists that fields refer to: machines, work centers, tools. Read when a page needs them, kept for the next one.
import { signal, useEffect } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";

const lists = {};
const listOf = (kind) => (lists[kind] ??= signal(undefined));

/** Reads a list anew. */
export async function readCatalogue(kind) {
  try {
    listOf(kind).value = await all(`/orders/${kind}`);
  } catch {
    listOf(kind).value ??= []; // the codes themselves are still readable and can be typed
  }
}

/** The entries of a kind ("machines", "work-centers" …); undefined until they are there. */
export function useCatalogue(kind) {
  useEffect(() => {
    if (kind) readCatalogue(kind);
  }, [kind]);
  return kind ? listOf(kind).value : undefined;
}
