// The live stream: server-sent events over fetch, because EventSource can send no Authorization header.
import { signal, useEffect, useRef } from "/js/lib/html.js";
import { get, token } from "/js/lib/api.js";

/** "online" while the server answers, "offline" while it does not. */
export const connection = signal("online");

const SILENCE_MS = 40000; // the server sends a comment every 15 s; without one for this long the connection is dead
/**
 * @param {number} ms
 * @param {Promise<unknown>} woken
 */
const pause = (ms, woken) =>
  new Promise((/** @type {(value?: unknown) => void} */ done) => {
    const timer = setTimeout(done, ms);
    woken.then(() => {
      clearTimeout(timer);
      done();
    });
  });

/**
 * Splits a byte stream into {id, event, data} as the SSE format says.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {() => void} [alive]
 * @returns {AsyncGenerator<LiveMessage>}
 */
export async function* events(stream, alive = () => {}) {
  const decoder = new TextDecoder();
  const reader = stream.getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    alive();
    const blocks = (rest + decoder.decode(value, { stream: true })).replace(/\r\n?/g, "\n").split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      /** @type {LiveMessage} */
      const message = { id: null, event: "message", data: "" };
      for (const line of block.split("\n")) {
        const colon = line.indexOf(":");
        if (colon < 1) continue;
        const field = line.slice(0, colon);
        const value_ = line.slice(colon + 1).replace(/^ /, "");
        if (field === "data") message.data += message.data ? `\n${value_}` : value_;
        else if (field === "id" || field === "event") message[field] = value_;
      }
      if (message.id !== null || message.data || message.event !== "message") yield message;
    }
  }
}

/**
 * Listens to topics until the returned function is called. `onSync` is called when what is on the screen must be read
 * anew: at the first connection, and when the server no longer has what was missed. `onEvent(topic, message)` is called
 * for each change after that.
 * @param {string[]} topics
 * @param {{ onSync: () => void, onEvent: (topic: string, message: any) => void }} handlers
 */
export function listen(topics, { onEvent, onSync }) {
  /** @type {string | null} */
  let last = null;
  let closed = false;
  let abort = new AbortController();
  let failures = 0;
  let synced = false;
  let wake = () => {};
  const sync = () => {
    synced = true;
    onSync();
  };
  // A stream that cannot be opened must not keep the page empty.
  const impatient = setTimeout(() => !synced && !closed && sync(), 1500);
  // A dead connection may never report it: begin a new one, which resumes where the old one stood.
  const hurry = () => {
    failures = 0;
    abort.abort();
    wake();
  };
  addEventListener("online", hurry);
  const down = () => {
    connection.value = "offline";
  };
  addEventListener("offline", down);
  // A browser keeps six connections to a server: a tab that nobody sees gives its own back, and resumes where it stood.
  const seen = () => (document.hidden ? abort.abort() : wake());
  document.addEventListener("visibilitychange", seen);

  async function once() {
    abort = new AbortController();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let watchdog;
    const alive = () => {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), SILENCE_MS);
      if (connected) connection.value = "online";
    };
    let connected = false;
    alive();
    try {
      /** @type {Record<string, string>} */
      const headers = { Accept: "text/event-stream", Authorization: `Bearer ${token.value}` };
      if (last !== null) headers["Last-Event-ID"] = last;
      const response = await fetch(`/api/v1/live?topics=${topics.join(",")}`, {
        headers,
        signal: abort.signal,
        cache: "no-store",
      });
      if (response.status === 401) await get("/me"); // says so to the session, which leads to the sign-in page
      if (!response.ok) {
        sync(); // the server is there, only its stream is not: read at each attempt instead
        throw new Error(String(response.status));
      }
      connected = true;
      connection.value = "online";
      failures = 0;
      // Without a position nobody knows what was missed while the connection was down.
      if (last === null) sync();
      for await (const message of events(/** @type {ReadableStream<Uint8Array>} */ (response.body), alive)) {
        if (message.id !== null) last = message.id;
        if (message.event === "reset") sync();
        else if (message.data) onEvent(message.event, JSON.parse(message.data));
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  (async () => {
    while (!closed) {
      if (document.hidden) {
        await new Promise((done) => (wake = () => done(undefined)));
        continue;
      }
      await once().catch(() => {});
      if (closed) return;
      failures += 1;
      if (failures > 1) down();
      const woken = new Promise((done) => (wake = () => done(undefined)));
      await pause(Math.min(250 * 2 ** failures, 10000) * (0.75 + Math.random() / 2), woken);
    }
  })();

  return () => {
    closed = true;
    clearTimeout(impatient);
    removeEventListener("online", hurry);
    removeEventListener("offline", down);
    document.removeEventListener("visibilitychange", seen);
    wake();
    abort.abort();
  };
}

/**
 * Calls `work` at once and at most every `ms` after that, the last call never lost.
 * @param {number} ms
 * @param {() => void} work
 */
export function atMostEvery(ms, work) {
  /** @type {ReturnType<typeof setTimeout> | null} */
  let timer = null;
  let due = false;
  const run = () => {
    due = false;
    work();
    timer = setTimeout(() => {
      timer = null;
      if (due) run();
    }, ms);
  };
  return () => {
    if (timer) due = true;
    else run();
  };
}

/**
 * For a screen: `useLive(["machines"], load)` calls `load` when shown and after every change on these topics, at most
 * four times a second. `concerns(topic, message)` may say no.
 * @param {string[]} topics
 * @param {() => void} load
 * @param {(topic: string, message: any) => boolean} [concerns]
 */
export function useLive(topics, load, concerns = () => true) {
  const newest = useRef(null);
  newest.current = { load, concerns };
  useEffect(() => {
    const refresh = atMostEvery(250, () => newest.current.load());
    return listen(topics, {
      onSync: refresh,
      onEvent: (topic, message) => newest.current.concerns(topic, message) && refresh(),
    });
  }, [topics.join(",")]);
}

const CATCH_UP_MS = [800, 5000];

/**
 * As useLive, for counters of another service, which counts a moment after the event, so they are read again then,
 * and once more for a busy server. At most once a second.
 * @param {string[]} topics
 * @param {() => void} load
 */
export function useLiveCounts(topics, load) {
  const newest = useRef(null);
  newest.current = load;
  useEffect(() => {
    /** @type {ReturnType<typeof setTimeout>[]} */
    let later = [];
    const refresh = atMostEvery(1000, () => newest.current());
    const again = () => {
      refresh();
      later.forEach(clearTimeout);
      later = CATCH_UP_MS.map((wait) => setTimeout(refresh, wait));
    };
    const stop = listen(topics, { onSync: refresh, onEvent: again });
    return () => {
      later.forEach(clearTimeout);
      stop();
    };
  }, [topics.join(",")]);
}
