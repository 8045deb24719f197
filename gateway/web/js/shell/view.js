// What a list shows, held in the address: a link to it shows the same, and whoever comes back finds it as it was.
import { useState } from "/js/lib/html.js";
import { changeQuery, path, query } from "/js/lib/router.js";

/**
 * `const view = makeView({ state: ["available", "on_hold"], q: "" })`, once a page: an array are the values that may be
 * chosen, the first one unless the address says another. In the page: `const { state, q } = view.use()`; anywhere
 * `view.change({ q })` and `view.read()`.
 * @param {Record<string, string | string[]>} parts
 */
export function makeView(parts) {
  const names = Object.keys(parts);
  /** @param {string} name */
  const usual = (name) => (Array.isArray(parts[name]) ? parts[name][0] : parts[name]);
  /** @param {string} name */
  const stated = (name) => {
    const value = query.value.get(name);
    return value === null || (Array.isArray(parts[name]) && !parts[name].includes(value)) ? usual(name) : value;
  };
  /** @type {Record<string, string> | null} */
  let last = null;
  /** @type {string | null} */
  let where = null;

  /** @returns {Record<string, string>} */
  function read() {
    if (path.value !== where && last) return last; // another page is on its way
    last = Object.fromEntries(names.map((name) => [name, stated(name)]));
    return last;
  }

  /** @param {Record<string, string>} next */
  function change(next) {
    changeQuery(
      Object.fromEntries(Object.entries(next).map(([name, value]) => [name, value === usual(name) ? "" : value])),
    );
  }

  function use() {
    useState(() => {
      const here = location.pathname;
      if (last && where === here && !names.some((name) => query.value.has(name))) change(last);
      where = here;
    });
    return read();
  }

  return { use, read, change };
}
