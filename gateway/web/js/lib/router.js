// Addresses to pages. The registry (gateway/web/pages.json) comes from the server in two parts: what a tablet needs,
// and all of it, which the office's frame asks for.
import { signal } from "/js/lib/html.js";
import { isStale, renew } from "/js/lib/update.js";

/**
 * @typedef {object} Page
 * @property {string} id
 * @property {string} group
 * @property {string} path the address without its parameters
 * @property {string} pattern
 * @property {string} fragment
 * @property {string} title the key of its name
 * @property {string} icon
 * @property {string} under the page of the navigation that it belongs to
 * @property {string[] | null} roles who uses it; null: everybody
 * @property {boolean} open
 * @property {boolean} often
 * @property {string} folder
 * @property {string[]} styles
 */

/** @type {Page[]} */
let pages = [];
/** @type {Promise<void> | null} */
let whole = null;

export const path = signal(location.pathname);
export const query = signal(new URLSearchParams(location.search));
export const hash = signal(location.hash);
/** The page that is shown. @type {Signal<Page | null>} */
export const page = signal(null);
/**
 * The groups of the navigation with their pages; empty until the registry is there.
 * @type {Signal<{ id: string, pages: Page[] }[]>}
 */
export const navigation = signal([]);

/** @param {string} name */
async function read(name) {
  const response = await fetch(`/pages/${name}.json`);
  if (!response.ok) throw new Error(`no registry of pages: ${response.status}`);
  return response.json();
}

/** The pages of a tablet; call once before the first page is shown. */
export async function startPages() {
  pages = (await read("tablet")).pages;
}

/** All pages. */
export function loadPages() {
  whole ??= read("office").then(
    (registry) => {
      pages = registry.pages;
      const inGroup = (/** @type {string} */ group) => pages.filter((one) => one.group === group && one.icon);
      navigation.value = registry.groups
        .map((/** @type {string} */ id) => ({ id, pages: inGroup(id) }))
        .filter((/** @type {{ pages: Page[] }} */ one) => one.pages.length);
    },
    (error) => {
      whole = null;
      throw error;
    },
  );
  return whole;
}

/**
 * The page of an address among those that are known: {page, params}, or null.
 * @param {string} address
 * @param {string} [fragment]
 */
export function match(address, fragment = "") {
  for (const one of pages) {
    const found = new RegExp(one.pattern).exec(address);
    if (!found || (one.fragment && !fragment.startsWith(`#${one.fragment}`))) continue;
    const values = Object.entries(found.groups ?? {});
    return { page: one, params: Object.fromEntries(values.map(([name, value]) => [name, value && decoded(value)])) };
  }
  return null;
}

/**
 * The page of an address, or null.
 * @param {string} address
 * @param {string} [fragment]
 */
export async function find(address, fragment) {
  const known = match(address, fragment);
  if (known) return known;
  await loadPages();
  return match(address, fragment);
}

/** @param {string} value */
function decoded(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function readAddress() {
  path.value = location.pathname;
  query.value = new URLSearchParams(location.search);
  hash.value = location.hash;
}

/**
 * Goes to a page of this app.
 * @param {string} url
 * @param {{ replace?: boolean }} [options]
 */
export function navigate(url, { replace = false } = {}) {
  if (isStale()) {
    renew(new URL(url, location.href).href);
    return;
  }
  history[replace ? "replaceState" : "pushState"](null, "", url);
  readAddress();
  scrollTo(0, 0);
}

/**
 * Changes what the address says of the page that is shown: null and "" are left out.
 * @param {Record<string, any>} change
 */
export function changeQuery(change) {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(change)) {
    if (value === null || value === undefined || value === "") next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  history.replaceState(null, "", `${location.pathname}${text ? `?${text}` : ""}${location.hash}`);
  query.value = next;
}

/**
 * A `next=` address that leads nowhere else than into this app.
 * @param {string | null} next
 */
export function safeNext(next) {
  return next?.startsWith("/") && !next.startsWith("//") ? next : null;
}

addEventListener("popstate", readAddress);
addEventListener("hashchange", readAddress);
document.addEventListener("click", (event) => {
  /** @type {HTMLAnchorElement | null} */
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (!match(link.pathname, link.hash)) return;
  event.preventDefault();
  navigate(link.href);
});
