// Search over all that has a name, from every page: "/" or Ctrl-K.
import { html, signal, useEffect, useRef, useState } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { match, navigate } from "/js/lib/router.js";
import { may, mayUse } from "/js/lib/session.js";
import { Dialog } from "/js/components/sheet.js";
import { nameOf, usable } from "/js/shell/groups.js";

const WAIT_MS = 180;
const A_KIND = 5;

const open = signal(false);
export const openSearch = () => {
  open.value = true;
};

/**
 * @param {string} path
 * @param {string} q
 * @returns {Promise<any[]>}
 */
const listed = async (path, q) => (await get(path, { q, limit: A_KIND })).items;
/**
 * @param {string} folder
 * @param {string} code
 */
const at = (folder, code) => `${folder}/${encodeURIComponent(code)}`;
/**
 * @param {string} q
 * @param {(string | null | undefined)[]} texts
 */
const has = (q, ...texts) => texts.some((text) => text?.toLowerCase().includes(q.toLowerCase()));

/** @type {Promise<any[]> | null} */
let people = null;
const everybody = () => {
  people ??= all("/people/names").catch(() => {
    people = null;
    return [];
  });
  return people;
};

/**
 * Each finds entries {href, code, name} of one kind; `page` is where they lead, so whoever has no such page is not
 * shown them.
 * @type {SearchKind[]}
 */
const KINDS = [
  {
    id: "pages",
    icon: "next",
    page: "/",
    find: async (q) =>
      usable()
        .flatMap((group) => group.pages)
        .map((page) => ({ href: page.path, code: nameOf(page), name: "" }))
        .filter((page) => has(q, page.code)),
  },
  {
    id: "orders",
    icon: "order",
    page: "/orders",
    find: async (q) =>
      (await listed("/orders/work-orders", q)).map((order) => ({
        href: at("/orders", order.number),
        code: order.number,
        name: [order.item, local(order.item_name), order.customer].filter(Boolean).join(" · "),
      })),
  },
  {
    id: "items",
    icon: "item",
    page: "/items",
    find: async (q) =>
      (await listed("/orders/items", q)).map((item) => ({
        href: at("/items", item.code),
        code: item.code,
        name: local(item.name),
      })),
  },
  {
    id: "lots",
    icon: "lot",
    page: "/lots",
    find: async (q) =>
      (await listed("/production/lots", q)).map((lot) => ({
        href: at("/lots", lot.lot),
        code: lot.lot,
        name: [lot.item, lot.supplier].filter(Boolean).join(" · "),
      })),
  },
  {
    id: "machines",
    icon: "machine",
    page: "/definitions",
    find: async (q) =>
      (await listed("/orders/machines", q)).map((machine) => ({
        href: may("leader", "operator") ? at("/station", machine.code) : `/definitions/machines?q=${machine.code}`,
        code: machine.code,
        name: local(machine.name),
      })),
  },
  {
    id: "people",
    icon: "person",
    page: "/people",
    find: async (q) =>
      (await everybody())
        .filter((person) => has(q, person.code, local(person.name)))
        .slice(0, A_KIND)
        .map((person) => ({ href: `/people?q=${person.code}`, code: local(person.name), name: person.code })),
  },
];

/**
 * What is found of each kind: [{kind, entries}].
 * @param {string} q
 */
async function findAll(q) {
  const mine = KINDS.filter(({ page }) => {
    const known = match(page); // a tablet without a network knows few pages
    return page === "/" || (known && mayUse(known.page));
  });
  const found = await Promise.all(mine.map(async (kind) => ({ kind, entries: await kind.find(q).catch(() => []) })));
  return found.filter(({ entries }) => entries.length);
}

/** @param {{ entry: FoundEntry, kind: SearchKind, chosen: boolean, onGo: () => void }} props */
function Entry({ entry, kind, chosen, onGo }) {
  return html`<a
    id=${chosen ? "search-chosen" : undefined}
    class="found-entry"
    role="option"
    href=${entry.href}
    aria-selected=${chosen}
    data-testid="found-${kind.id}"
    onClick=${onGo}
  >
    ${icon(kind.icon)}
    <b>${entry.code}</b>
    <span class="muted ellipsis">${entry.name}</span>
  </a>`;
}

/** @param {{ onClose: () => void }} props */
function Palette({ onClose }) {
  const [q, setQ] = useState("");
  const [found, setFound] = useState(/** @type {Awaited<ReturnType<typeof findAll>> | null} */ (null));
  const [chosen, setChosen] = useState(0);
  const input = useRef(null);
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    let current = true;
    const text = q.trim();
    if (!text) {
      setFound(null);
      return undefined;
    }
    const timer = setTimeout(async () => {
      const next = await findAll(text);
      if (!current) return;
      setFound(next);
      setChosen(0);
    }, WAIT_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [q]);
  const entries = found?.flatMap(({ entries: some }) => some) ?? [];
  /** @param {KeyboardEvent} event */
  const keys = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && entries.length) {
      event.preventDefault();
      setChosen((chosen + step + entries.length) % entries.length);
    } else if (event.key === "Enter" && entries[chosen]) {
      event.preventDefault();
      onClose();
      navigate(entries[chosen].href);
    }
  };
  useEffect(() => document.getElementById("search-chosen")?.scrollIntoView({ block: "nearest" }), [chosen]);
  let place = -1;
  return html`<div class="search-all">
    <div class="search">
      ${icon("search")}
      <input
        ref=${input}
        class="input"
        type="search"
        role="combobox"
        aria-expanded=${entries.length > 0}
        aria-controls="search-found"
        aria-activedescendant="search-chosen"
        value=${q}
        placeholder=${t("search.placeholder")}
        aria-label=${t("search.placeholder")}
        data-testid="search-all"
        onInput=${(event) => setQ(event.currentTarget.value)}
        onKeyDown=${keys}
      />
    </div>
    <div class="search-found" id="search-found" role="listbox" aria-label=${t("search.title")}>
      ${found?.map(
        ({ kind, entries: some }) => html`<section key=${kind.id} role="group" aria-label=${t(`search.${kind.id}`)}>
          <h3>${t(`search.${kind.id}`)}</h3>
          ${some.map((entry) => {
            place += 1;
            return html`<${Entry}
              key=${entry.href}
              entry=${entry}
              kind=${kind}
              chosen=${place === chosen}
              onGo=${onClose}
            />`;
          })}
        </section>`,
      )}
      ${found?.length === 0 && html`<p class="muted">${t("search.none")}</p>`}
    </div>
  </div>`;
}

/** The dialog, and the keys that open it: a page's own search field has "/" first. */
export function SearchDialog() {
  useEffect(() => {
    const key = (/** @type {KeyboardEvent} */ event) => {
      const { tagName } = /** @type {Element} */ (event.target);
      const slash = event.key === "/" && !/^(input|textarea|select)$/i.test(tagName);
      const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
      if (event.defaultPrevented || !(slash || control) || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      openSearch();
    };
    addEventListener("keydown", key);
    return () => {
      removeEventListener("keydown", key);
      open.value = false;
    };
  }, []);
  const close = () => {
    open.value = false;
  };
  return html`<${Dialog} open=${open.value} onClose=${close} title=${t("search.title")} data-testid="search-dialog">
    <${Palette} onClose=${close} />
  <//>`;
}
