// The way to every page of a person: by task, with what waits there. On a phone a bar of those that are used most.
import { html, signal, useEffect, useRef, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { page } from "/js/lib/router.js";
import { me, signOut } from "/js/lib/session.js";
import { recall, remember } from "/js/lib/store.js";
import { LanguageSelect, ThemeToggle } from "/js/components/personal.js";
import { Sheet } from "/js/components/sheet.js";
import { groupName, nameOf, usable } from "/js/shell/groups.js";
import { openSearch } from "/js/shell/search.js";
import { waitingAt } from "/js/shell/waiting.js";

/** So many pages need no folding. */
const FEW = 12;
/** By group, what this browser's people chose: true is folded. @type {Signal<Record<string, boolean>>} */
const folded = signal(recall("navigation") ?? {});

function Personal() {
  return html`
    <${LanguageSelect} />
    <${ThemeToggle} />
    <button type="button" class="nav-item" data-testid="sign-out" onClick=${signOut} title=${t("session.sign_out")}>
      ${icon("leave")}
      <span class="ellipsis">${me.value?.name ? local(me.value.name) : ""}</span>
      <span class="visually-hidden">${t("session.sign_out")}</span>
    </button>
  `;
}

/** @param {{ count: number }} props */
function Badge({ count }) {
  if (!count) return null;
  return html`<span class="badge">
    ${count > 99 ? "99+" : count}
    <span class="visually-hidden"> ${t("nav.waiting")}</span>
  </span>`;
}

/** @param {{ one: Page }} props */
function PageLink({ one }) {
  const current = page.value?.id === one.id || page.value?.under === one.id;
  const link = useRef(null);
  useEffect(() => {
    if (current) link.current.scrollIntoView({ block: "nearest" }); // a low screen does not show all pages at once
  }, [current]);
  return html`<a
    ref=${link}
    class="nav-item ${one.often ? "" : "rare"}"
    href=${one.path}
    aria-current=${current ? "page" : undefined}
    data-testid="nav-${one.id}"
  >
    ${icon(one.icon)}
    <span class="ellipsis">${nameOf(one)}</span>
    <${Badge} count=${waitingAt(one.id)} />
  </a>`;
}

/**
 * A group may be folded away; the one of the page that is shown is open unless somebody folds it.
 * @param {{ group: PageGroup, few?: boolean, fixed?: boolean }} props
 */
function Group({ group, few, fixed }) {
  const current = page.value?.group === group.id;
  const open = fixed || (folded.value[group.id] === undefined ? few || current : !folded.value[group.id]);
  const turn = () => {
    folded.value = { ...folded.value, [group.id]: open };
    remember("navigation", folded.value);
  };
  const waits = group.pages.reduce((sum, one) => sum + waitingAt(one.id), 0);
  return html`<div class="nav-group ${open ? "" : "folded"}" role="group" aria-label=${groupName(group)}>
    ${
      fixed
        ? html`<span class="nav-title" aria-hidden="true">${groupName(group)}</span>`
        : html`<button
            type="button"
            class="nav-title"
            aria-expanded=${open}
            data-testid="nav-group-${group.id}"
            onClick=${turn}
          >
            ${icon("down")}${groupName(group)}${!open && html`<${Badge} count=${waits} />`}
          </button>`
    }
    ${group.pages.map((one) => html`<${PageLink} key=${one.id} one=${one} />`)}
  </div>`;
}

const Find = () => html`<button
  type="button"
  class="nav-item nav-search rare"
  data-testid="search-open"
  onClick=${openSearch}
>
  ${icon("search")}
  <span class="ellipsis">${t("search.open")}</span>
  <kbd aria-hidden="true">/</kbd>
</button>`;

/** @param {{ shop: string }} props */
export function Navigation({ shop }) {
  const [more, setMore] = useState(false);
  const groups = usable();
  const all = groups.flatMap((group) => group.pages);
  const hidden = all.filter((one) => !one.often);
  const waiting = hidden.reduce((sum, one) => sum + waitingAt(one.id), 0);
  /** @param {Event & { target: Element }} event */
  const leave = (event) => event.target.closest("a, .nav-search") && setMore(false);
  return html`
    <nav class="office-nav" aria-label=${t("nav.label")}>
      <a class="office-brand" href="/" data-testid="nav-home">
        <img src="/icons/mark.svg" alt="" />
        <span>Dure<small>${shop}</small></span>
      </a>
      <a class="nav-item nav-home" href="/" aria-current=${page.value?.id === "home" ? "page" : undefined}>
        ${icon("home")}
        <span class="ellipsis">${t("nav.home")}</span>
      </a>
      <${Find} />
      <div class="nav-pages">
        ${groups.map((group) => html`<${Group} key=${group.id} group=${group} few=${all.length <= FEW} />`)}
      </div>
      <button type="button" class="nav-item nav-more" data-testid="nav-more" onClick=${() => setMore(true)}>
        ${icon("more")}
        ${t("nav.more")}
        <${Badge} count=${waiting} />
      </button>
      <div class="office-foot"><${Personal} /></div>
    </nav>
    <${Sheet} open=${more} onClose=${() => setMore(false)} title=${t("nav.more")}>
      <div class="more-list" onClick=${leave}>
        <${Find} />
        ${groups.map((group) => html`<${Group} key=${group.id} group=${group} fixed />`)}
        <${Personal} />
      </div>
    <//>
  `;
}
