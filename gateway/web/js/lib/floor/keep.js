// What a tablet needs of the server while nobody answers: kept, encrypted, under a name. Pictures and documents are
// kept as they are.
import { NoAnswer } from "/js/lib/api.js";
import { answer, within } from "/js/lib/floor/database.js";
import { seal, unseal } from "/js/lib/floor/vault.js";

/** Keeps a value of JSON under a name; null forgets it. */
export async function keep(name, value) {
  const sealed = value === null ? null : await seal(value);
  await within("kept", "readwrite", (store) => void (sealed ? store.put(sealed, name) : store.delete(name)));
}

/** The kept value, or null: never kept, or not readable any more. */
export async function kept(name) {
  try {
    const sealed = await within("kept", "readonly", (store) => answer(store.get(name)));
    return sealed ? await unseal(sealed) : null;
  } catch {
    return null;
  }
}

/** Forgets all values whose name begins so. */
export const forgetKept = (prefix) =>
  within("kept", "readwrite", (store) => void store.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));

/** What `read` answers, kept under a name; what was kept there when nobody answers. */
export async function readOrKept(name, read) {
  try {
    const value = await read();
    keep(name, value).catch(() => {}); // a full disk: it works on as long as the network does
    return value;
  } catch (error) {
    const last = error instanceof NoAnswer ? await kept(name) : null;
    if (last === null) throw error;
    return last;
  }
}

/** Keeps a picture or a document. */
export const keepMedia = (id, blob) => within("media", "readwrite", (store) => void store.put(blob, id));
/** The kept picture or document, or undefined. */
export const keptMedia = (id) => within("media", "readonly", (store) => answer(store.get(id))).catch(() => undefined);
/** Forgets the pictures and documents that are not among `ids`, a Set or a Map. */
export const keepOnlyMedia = (ids) =>
  within("media", "readwrite", async (store) => {
    for (const id of await answer(store.getAllKeys())) if (!ids.has(id)) store.delete(id);
  });
