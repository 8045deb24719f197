// Every item of the shop, in the browser: read page by page in the background, so that search and filters answer at
// once. Kept while the app is open.
import { signal } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { likeness } from "/js/components/described.js";

const PAGE = 200;
const SHOW_EVERY = 10; // pages; sorting and filtering thousands anew for each page would take longer than reading it
const REST_MS = 2000;

/** {items, complete, error}: what is known; `complete` once all pages are there. */
export const stock = signal({ items: undefined, complete: false, error: null });
let isReading = false;
let isOutdated = false;

const searchable = (item) => ({ ...item, found: likeness(`${item.code} ${Object.values(item.name).join(" ")}`) });

async function readAll() {
  const items = [];
  const isFirst = !stock.value.complete;
  let cursor;
  for (let pages = 0; pages === 0 || cursor; pages += 1) {
    const page = await get("/orders/items", { limit: PAGE, cursor });
    items.push(...page.items.map(searchable));
    cursor = page.next_cursor;
    if (isFirst && pages % SHOW_EVERY === 0) stock.value = { items: [...items], complete: false, error: null };
  }
  stock.value = { items, complete: true, error: null };
}

/**
 * Reads all items anew; what is on the screen stays until all have come. While an import goes on there is always
 * something new: one reading after the other.
 */
export async function readStock() {
  isOutdated = isReading;
  if (isReading) return;
  isReading = true;
  await readAll().catch((error) => (stock.value = { ...stock.value, error }));
  isReading = false;
  if (isOutdated) setTimeout(readStock, REST_MS);
  isOutdated = false;
}
