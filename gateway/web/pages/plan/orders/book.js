// Every open order of the shop, in the browser: read page by page in the background, then kept right order by order as
// the stream tells of them.
import { signal, useEffect } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { listen } from "/js/lib/live.js";

export const OPEN = ["draft", "planned", "released", "in_progress", "on_hold"];
const PAGE = 200;
const AT_ONCE = 50; // orders asked for by their ids in one request
const GATHER_MS = 250;
const CATCH_UP_MS = 800; // production tells of pieces a moment before orders has counted them

/**
 * {orders: [order], complete, error}: what is known; `complete` once all pages are there. Kept while the app is open.
 */
export const book = signal({ orders: [], complete: false, error: null });
let known = new Map();
let reading = null;

const show = (change) => (book.value = { ...book.value, orders: [...known.values()], ...change });

/** Reads all open orders anew; what is on the screen stays until its page has come. */
export async function readBook() {
  const mine = { seen: new Set() };
  reading = mine;
  let cursor;
  try {
    do {
      const page = await get("/orders/work-orders", { state: OPEN.join(","), limit: PAGE, cursor });
      if (reading !== mine) return;
      for (const order of page.items) {
        mine.seen.add(order.id);
        known.set(order.id, order);
      }
      cursor = page.next_cursor;
      show({ error: null });
    } while (cursor);
    reading = null;
    known = new Map([...known].filter(([id]) => mine.seen.has(id)));
    show({ complete: true });
  } catch (error) {
    if (reading === mine) show({ error });
  }
}

/** Reads some orders anew, by their ids: those that were told of, or that this page has just changed. */
export async function readOrders(ids) {
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const chosen = ids.slice(at, at + AT_ONCE);
    const page = await get("/orders/work-orders", { id: chosen.join(","), limit: AT_ONCE }).catch(() => null);
    if (!page) continue; // the stream, or the next reading of all, brings them
    for (const order of page.items) {
      if (OPEN.includes(order.state)) known.set(order.id, order);
      else known.delete(order.id);
      reading?.seen.add(order.id); // it may be new on a page that was read already
    }
  }
  show({});
}

/**
 * Keeps the book while the screen is shown; `onChange` is called after orders have changed, at most every quarter of a
 * second.
 */
export function useBook(onChange) {
  useEffect(() => {
    const told = new Set();
    let timer = null;
    let later = null;
    const read = async (ids) => {
      await readOrders(ids);
      onChange();
    };
    const gather = () => {
      timer = null;
      const ids = [...told];
      told.clear();
      read(ids);
      clearTimeout(later);
      later = setTimeout(() => read(ids), CATCH_UP_MS);
    };
    const stop = listen(["work_orders"], {
      onSync: () => readBook().then(onChange),
      onEvent: (_, message) => {
        const id = message.data?.work_order;
        if (id) told.add(id);
        timer ??= setTimeout(gather, GATHER_MS);
      },
    });
    return () => {
      stop();
      clearTimeout(timer);
      clearTimeout(later);
      reading = null;
    };
  }, []);
}
