// Orders that are over: there may be years of them, so the server searches and they come page by page as somebody
// scrolls.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";

const PAGE = 100;
export const DONE = ["completed", "closed"];

/** The newest first `least` orders of a search: {items, more}. */
async function read(query, least) {
  const items = [];
  let cursor;
  do {
    const page = await get("/orders/work-orders", {
      ...query,
      state: DONE.join(","),
      sort: "-due_at",
      limit: PAGE,
      cursor,
    });
    items.push(...page.items);
    cursor = page.next_cursor;
  } while (cursor && items.length < least);
  return { items, more: Boolean(cursor) };
}

/** `wanted`: whether they are being looked at. {data: {items, more}, error, loading, load, more}. */
export function usePast(wanted, { q, item, customer }) {
  const [asked, setAsked] = useState({ q, item, customer, least: PAGE });
  useEffect(() => {
    const timer = setTimeout(() => setAsked({ q, item, customer, least: PAGE }), 200);
    return () => clearTimeout(timer);
  }, [q, item, customer]);
  const { least, ...query } = asked;
  const past = useResource(async () => (wanted ? read(query, least) : undefined), [wanted, asked]);
  const more = () =>
    past.data?.more && !past.loading && setAsked((now) => ({ ...now, least: past.data.items.length + PAGE }));
  return { ...past, more };
}

/** The foot of a list that goes on: asks for more when it comes into sight. */
export function More({ onMore, loading }) {
  const foot = useRef(null);
  const newest = useRef(onMore);
  newest.current = onMore;
  useEffect(() => {
    const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && newest.current(), {
      rootMargin: "600px",
    });
    watcher.observe(foot.current);
    return () => watcher.disconnect();
  }, [loading]);
  return html`<div class="list-more" ref=${foot}>
    <${Button} kind="quiet" busy=${loading} onClick=${onMore}>${t("orders.more")}<//>
  </div>`;
}
