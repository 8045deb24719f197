// Every item of the shop, in the browser: read page by page in the background, so that search and filters answer at once. Kept while the app is open.
import { signal } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { likeness } from "/js/components/described.js";

const PAGE = 200;

/** {items, complete, error}: what is known; `complete` once all pages are there. */
export const stock = signal({ items: undefined, complete: false, error: null });
let reading = null;

const searchable = (item) => ({ ...item, found: likeness(`${item.code} ${Object.values(item.name).join(" ")}`) });

/** Reads all items anew; what is on the screen stays until all have come. */
export async function readStock() {
  const mine = {};
  reading = mine;
  const items = [];
  const first = !stock.value.complete;
  let cursor;
  try {
    do {
      const page = await get("/orders/items", { limit: PAGE, cursor });
      if (reading !== mine) return;
      items.push(...page.items.map(searchable));
      cursor = page.next_cursor;
      if (first) stock.value = { items: [...items], complete: false, error: null };
    } while (cursor);
    stock.value = { items, complete: true, error: null };
  } catch (error) {
    if (reading === mine) stock.value = { ...stock.value, error };
  }
}
