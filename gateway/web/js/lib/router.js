// Addresses to screens. A screen is a module whose default export is a component that gets {params, query}.
import { signal } from "/js/lib/html.js";
import { isStale, renew } from "/js/lib/update.js";

const ROUTES = [
  { pattern: /^\/setup$/, open: true, load: () => import("/js/screens/setup/index.js") },
  { pattern: /^\/sign-in$/, open: true, load: () => import("/js/screens/sign-in/index.js") },
  { pattern: /^\/station$/, load: () => import("/js/screens/station/choose.js") },
  { pattern: /^\/station\/(?<machine>[^/]+)$/, load: () => import("/js/screens/station/index.js") },
  { pattern: /^\/board$/, load: () => import("/js/screens/board/index.js") },
  { pattern: /^\/orders$/, load: () => import("/js/screens/orders/index.js") },
  { pattern: /^\/orders\/(?<number>[^/]+)$/, load: () => import("/js/screens/order/index.js") },
  { pattern: /^\/items$/, load: () => import("/js/screens/items/index.js") },
  { pattern: /^\/items\/(?<code>[^/]+)$/, load: () => import("/js/screens/item/index.js") },
  { pattern: /^\/definitions(\/(?<kind>[^/]+))?$/, load: () => import("/js/screens/definitions/index.js") },
  { pattern: /^\/readiness$/, load: () => import("/js/screens/readiness/index.js") },
  { pattern: /^\/readiness\/evidence$/, load: () => import("/js/screens/readiness/evidence.js") },
  { pattern: /^\/instructions$/, load: () => import("/js/screens/instructions/index.js") },
  { pattern: /^\/instructions\/(?<code>[^/]+)$/, load: () => import("/js/screens/instruction/index.js") },
  { pattern: /^\/travellers$/, load: () => import("/js/screens/travellers/index.js") },
  { pattern: /^\/daily-report$/, load: () => import("/js/screens/daily-report/index.js") },
  { pattern: /^\/labour$/, load: () => import("/js/screens/labour/index.js") },
  { pattern: /^\/labels$/, load: () => import("/js/screens/labels/index.js") },
  { pattern: /^\/labels\/(?<id>[^/]+)$/, load: () => import("/js/screens/label/index.js") },
  { pattern: /^\/imports$/, load: () => import("/js/screens/imports/index.js") },
  { pattern: /^\/erp$/, load: () => import("/js/screens/erp/index.js") },
  { pattern: /^\/quality$/, load: () => import("/js/screens/quality/index.js") },
  { pattern: /^\/lots$/, load: () => import("/js/screens/lots/index.js") },
  { pattern: /^\/lots\/(?<lot>[^/]+)$/, load: () => import("/js/screens/lot/index.js") },
  { pattern: /^\/recall(\/(?<lot>[^/]+))?$/, load: () => import("/js/screens/recall/index.js") },
  { pattern: /^\/reviews$/, load: () => import("/js/screens/reviews/index.js") },
  { pattern: /^\/andon$/, load: () => import("/js/screens/andon/index.js") },
  { pattern: /^\/people$/, load: () => import("/js/screens/people/index.js") },
  // Open: a tablet follows its enrolment link (/devices#enrol=…) before anybody is signed in on it.
  { pattern: /^\/devices$/, open: true, load: () => import("/js/screens/devices/index.js") },
];

export const path = signal(location.pathname);
export const query = signal(new URLSearchParams(location.search));
export const hash = signal(location.hash);

function read() {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
  hash.value = location.hash;
}

/** Goes to a page of this app. */
export function navigate(url, { replace = false } = {}) {
  if (isStale()) {
    renew(new URL(url, location.href).href);
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", url);
  read();
  scrollTo(0, 0);
}

/** A `next=` address that leads nowhere else than into this app. */
export function safeNext(next) {
  return next?.startsWith("/") && !next.startsWith("//") ? next : null;
}

/** The route of an address: {open, load, params}, or null. */
export function match(address) {
  for (const route of ROUTES) {
    const found = route.pattern.exec(address);
    if (found)
      return {
        ...route,
        params: Object.fromEntries(
          Object.entries(found.groups || {}).map(([name, value]) => [name, value && decodeURIComponent(value)]),
        ),
      };
  }
  return null;
}

addEventListener("popstate", read);
addEventListener("hashchange", read);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin || !match(link.pathname)) return;
  event.preventDefault();
  navigate(link.href);
});
