// The queue: every touch that records something is a command, written down here before the screen answers, and sent in
// this order.
//
// A command is {seq, id, state, at, person, device, machine, job, kind, path, body, made, …}. `id` is its
// Idempotency-Key, `at` the tablet's time of the touch, `made` the pieces it stands for.
// queued → sending → done | flagged; refused by the server: refused → review, once a leader has it; taken back before
// it was sent: undone; refused while its operator waited: blocked.
import { computed, signal } from "/js/lib/html.js";
import { uuid } from "/js/lib/api.js";
import { answer, within } from "/js/floor/database.js";
import { encrypt, decrypt } from "/js/floor/encryption.js";

const OPEN = new Set(["queued", "sending", "refused"]);
const WAITING = 1;
const SENDING = 2;
const FINAL_MS = 20 * 3600000; // final commands stay for the shift's log
const REVIEWED_MS = 7 * 86400000;

/** All commands that this tablet still has, in order. @type {Signal<Command[]>} */
export const commands = signal([]);
/** How many the server has not settled yet. */
export const depth = computed(() => commands.value.filter(isOpen).length);
/** @param {Pick<Command, "state">} command */
export const isOpen = (command) => OPEN.has(command.state);
/**
 * True when its effect shows on the screen.
 * @param {Command} command
 */
export const counts = (command) => !["undone", "blocked", "refused", "review"].includes(command.state);

const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("dure-floor") : null;
let wake = () => {};
/**
 * Called when there is something to send.
 * @param {() => void} callback
 */
export const whenAdded = (callback) => (wake = callback);

/** @param {Omit<Command, "seq"> & { seq?: number }} command */
const toRecord = async ({ seq, ...command }) => {
  const { id, state, at, ...rest } = command;
  return {
    ...(seq ? { seq } : {}),
    id,
    state,
    at,
    ...(isOpen(command) ? { open: state === "sending" ? SENDING : WAITING } : {}),
    content: await encrypt(rest),
  };
};

/**
 * @param {any} record
 * @returns {Promise<Command | null>}
 */
async function fromRecord(record) {
  const { seq, id, state, at } = record;
  try {
    return { ...(await decrypt(record.content)), seq, id, state, at };
  } catch {
    return null; // altered, or written under a key that is lost: nobody could read or send it
  }
}

/**
 * @param {Command[]} list
 * @param {Command} command
 */
const insert = (list, command) => {
  if (list.some((one) => one.seq === command.seq)) return list.map((one) => (one.seq === command.seq ? command : one));
  return [...list, command].sort((a, b) => a.seq - b.seq);
};

/**
 * @param {Command} command
 * @param {boolean} [toOthers]
 */
function publish(command, toOthers = true) {
  commands.value = insert(commands.value, command);
  if (toOthers) channel?.postMessage(command.seq);
}

/** @param {number} seq */
const readStored = (seq) => within("commands", "readonly", (store) => answer(store.get(seq)));

/** @type {Promise<void> | null} */
let loading = null;
/** Reads the queue once; every other function waits for it. */
export const ready = () =>
  (loading ??= load().catch((error) => {
    loading = null;
    throw error;
  }));

async function load() {
  const old = Date.now() - FINAL_MS;
  const records = await within("commands", "readwrite", async (store) => {
    const all = await answer(store.getAll());
    const gone = (/** @type {any} */ record) =>
      !record.open && Date.parse(record.at) < (record.state === "review" ? Date.now() - REVIEWED_MS : old);
    for (const record of all.filter(gone)) store.delete(record.seq);
    return all.filter((record) => !gone(record));
  });
  commands.value = (await Promise.all(records.map(fromRecord))).filter((command) => command !== null);
  channel?.addEventListener("message", async ({ data: seq }) => {
    const record = await readStored(seq);
    const command = record && (await fromRecord(record));
    if (command) publish(command, false);
    wake();
  });
}

/** @type {Promise<any>} */
let writing = Promise.resolve();
/**
 * One after the other, in the order of the touches.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
const inTurn = (work) => (writing = writing.catch(() => {}).then(work));

/**
 * Stores a command; it is safe once this has settled. Throws when the tablet cannot store it.
 * @param {NewCommand & { person: string }} command
 * @returns {Promise<Command>}
 */
export function add(command) {
  const at = new Date().toISOString();
  return inTurn(async () => {
    await ready();
    /** @type {Omit<Command, "seq">} */
    const full = { ...command, id: uuid(), state: "queued", at };
    const record = await toRecord(full);
    const key = await within("commands", "readwrite", (store) => answer(store.add(record)), { strict: true });
    const seq = Number(key);
    publish({ ...full, seq });
    wake();
    return { ...full, seq };
  });
}

/**
 * Stores a new state of a command, as long as its state is one of `from`. Returns the command as it is then, or null:
 * another window was faster.
 * @param {Command} command
 * @param {Partial<Command>} change
 * @param {CommandState[]} [from]
 * @returns {Promise<Command | null>}
 */
export function settle(command, change, from = ["queued", "sending", "refused"]) {
  return inTurn(async () => {
    const next = { ...command, ...change };
    const record = await toRecord(next);
    const is = await within("commands", "readwrite", async (store) => {
      const now = await answer(store.get(command.seq));
      if (now && !from.includes(now.state)) return now;
      store.put(record);
      return null;
    });
    if (is) publish((await fromRecord(is)) ?? next, false);
    else publish(next);
    return is ? null : next;
  });
}

/**
 * Where the queue stands: {top, open, busy}: the last command, those that the server does not have, and whether one is
 * on its way.
 * @returns {Promise<Checkpoint>}
 */
export const checkpoint = () =>
  within("commands", "readonly", async (store) => {
    const index = store.index("open");
    const [open, sending, last] = await Promise.all([
      answer(index.getAllKeys()),
      answer(index.count(SENDING)),
      answer(store.openKeyCursor(null, "prev")),
    ]);
    return { top: Number(last?.key ?? 0), open: open.map(Number), busy: sending > 0 };
  });
