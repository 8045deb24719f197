// Data at rest on a tablet is encrypted with a key that no script can read out of this browser. Plain HTTP has no such
// keys (the browser refuses): there it is stored as it is, and the screens say so.
import { answer, within } from "/js/floor/database.js";

// The name under which tablets in use have it.
const KEY_NAME = "vault";
const { subtle } = crypto;

/** True where stored data is encrypted. */
export const isEncrypted = Boolean(subtle);

/** @type {Promise<CryptoKey> | null} */
let known = null;

/** @returns {Promise<CryptoKey>} */
async function find() {
  const stored = await within("keys", "readonly", (store) => answer(store.get(KEY_NAME)));
  if (stored) return stored;
  const made = await subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two windows may start at once: the first one's key counts.
  return within(
    "keys",
    "readwrite",
    async (store) => {
      const first = await answer(store.get(KEY_NAME));
      if (!first) store.put(made, KEY_NAME);
      return first ?? made;
    },
    { strict: true },
  );
}

const key = () =>
  (known ??= find().catch((error) => {
    known = null;
    throw error;
  }));

/**
 * A JSON value as it is stored.
 * @param {any} value
 */
export async function encrypt(value) {
  if (!subtle) return { plain: value };
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes) };
}

/**
 * The value that was encrypted. Throws when it was altered, or sealed by another browser's key.
 * @param {any} stored
 */
export async function decrypt(stored) {
  if (!stored.sealed) return stored.plain;
  const bytes = await subtle.decrypt({ name: "AES-GCM", iv: stored.iv }, await key(), stored.sealed);
  return JSON.parse(new TextDecoder().decode(bytes));
}
