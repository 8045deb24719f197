// Answers of the server that a tablet needs while there is no network: stored by name, encrypted. Pictures and
// documents are stored as they are.
import { NoAnswer } from "/js/lib/api.js";
import { answer, within } from "/js/floor/database.js";
import { encrypt, decrypt } from "/js/floor/encryption.js";

/**
 * Stores a JSON value under a name; null removes it.
 * @param {string} name
 * @param {any} value
 */
export async function cacheValue(name, value) {
  const encrypted = value === null ? null : await encrypt(value);
  await within("kept", "readwrite", (store) => void (encrypted ? store.put(encrypted, name) : store.delete(name)));
}

/**
 * The stored value, or null: never stored, or not readable any more.
 * @param {string} name
 * @returns {Promise<any>}
 */
export async function cachedValue(name) {
  try {
    const encrypted = await within("kept", "readonly", (store) => answer(store.get(name)));
    return encrypted ? await decrypt(encrypted) : null;
  } catch {
    return null;
  }
}

/**
 * Removes all values whose name begins so.
 * @param {string} prefix
 */
export const dropCached = (prefix) =>
  within("kept", "readwrite", (store) => void store.delete(IDBKeyRange.bound(prefix, `${prefix}\uffff`)));

/**
 * The value that `read` gives, which is stored under a name; the stored one when nobody answers.
 * @template T
 * @param {string} name
 * @param {() => Promise<T>} read
 * @returns {Promise<T>}
 */
export async function readOrCached(name, read) {
  try {
    const value = await read();
    cacheValue(name, value).catch(() => {}); // a full disk: it works on as long as the network does
    return value;
  } catch (error) {
    const last = error instanceof NoAnswer ? await cachedValue(name) : null;
    if (last === null) throw error;
    return last;
  }
}

/**
 * Stores a picture or a document.
 * @param {string} id
 * @param {Blob} blob
 */
export const cacheMedia = (id, blob) => within("media", "readwrite", (store) => void store.put(blob, id));
/**
 * The stored picture or document, or undefined.
 * @param {string} id
 * @returns {Promise<Blob | undefined>}
 */
export const cachedMedia = (id) => within("media", "readonly", (store) => answer(store.get(id))).catch(() => undefined);
/**
 * Removes the pictures and documents that are not among `ids`, a Set or a Map.
 * @param {{ has(id: string): boolean }} ids
 */
export const retainMedia = (ids) =>
  within("media", "readwrite", async (store) => {
    for (const id of await answer(store.getAllKeys())) if (!ids.has(String(id))) store.delete(id);
  });
