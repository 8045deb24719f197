// The tablet's own database. Each step brings it from one version to the next; a step that has shipped is never
// changed, because tablets with a full queue run through it.
const NAME = "dure-floor";
/** @type {((db: IDBDatabase, transaction: IDBTransaction) => void)[]} */
const STEPS = [
  (db) => {
    const commands = db.createObjectStore("commands", { keyPath: "seq", autoIncrement: true });
    commands.createIndex("id", "id", { unique: true });
    commands.createIndex("open", "open"); // only those that are not final have it
    db.createObjectStore("kept");
    db.createObjectStore("media");
    db.createObjectStore("keys");
  },
];

/** @type {Promise<IDBDatabase> | null} */
let opening = null;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, STEPS.length);
    request.onupgradeneeded = (event) => {
      for (const step of STEPS.slice(event.oldVersion))
        step(request.result, /** @type {IDBTransaction} */ (request.transaction));
    };
    request.onerror = () => failed(request.error);
    request.onsuccess = () => {
      const db = request.result;
      const gone = () => (opening = null);
      db.onclose = gone;
      // Another window runs a newer build and waits to bring the database to its version.
      db.onversionchange = () => {
        db.close();
        gone();
      };
      done(db);
    };
  });
}

const database = () =>
  (opening ??= open().catch((error) => {
    opening = null;
    throw error;
  }));

/**
 * The result of an IndexedDB request.
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export const answer = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });

/**
 * Runs `work(store)` in one transaction and returns its result once that is committed. Inside it only requests of
 * this store may be awaited.
 * `strict`: the disk has it, so that it outlives a power cut.
 * @template T
 * @param {string} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => T | Promise<T>} work
 * @param {{ strict?: boolean }} [options]
 * @returns {Promise<T>}
 */
export async function within(name, mode, work, { strict = false } = {}) {
  const transaction = (await database()).transaction(name, mode, strict ? { durability: "strict" } : undefined);
  const committed = new Promise((done, failed) => {
    transaction.oncomplete = done;
    transaction.onabort = () => failed(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
  try {
    const result = await work(transaction.objectStore(name));
    await committed;
    return result;
  } catch (error) {
    committed.catch(() => {});
    if (transaction.error === null)
      try {
        transaction.abort();
      } catch {
        /* it has ended by itself */
      }
    throw error;
  }
}
