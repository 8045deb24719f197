// The office frame around a page: navigation by role, who is signed in, language, light or dark.
import { html, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { LANGUAGES, language, local, setLanguage, t } from "/js/lib/i18n.js";
import { may, me, signOut, site } from "/js/lib/session.js";
import { isDark, theme, toggleTheme } from "/js/lib/theme.js";
import { Button } from "/js/components/button.js";
import { Empty } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";

const READERS = ["planner", "leader", "quality", "viewer"];
const GROUPS = [
  {
    id: "work",
    text: () => t("nav.group_work"),
    pages: [
      { id: "orders", href: "/orders", icon: "order", text: () => t("nav.orders"), roles: READERS },
      {
        id: "board",
        href: "/board",
        icon: "board",
        text: () => t("nav.board"),
        roles: [...READERS, "maintenance", "operator"],
      },
      {
        id: "station",
        rare: true,
        href: "/station",
        icon: "machine",
        text: () => t("nav.station"),
        roles: ["leader", "operator"],
      },
      { id: "reviews", href: "/reviews", icon: "hand", text: () => t("nav.reviews"), roles: ["leader", "quality"] },
      { id: "andon", href: "/andon", icon: "bell", text: () => t("nav.andon"), roles: [...READERS, "maintenance"] },
      {
        id: "lots",
        rare: true,
        href: "/lots",
        icon: "lot",
        text: () => t("nav.lots"),
        roles: [...READERS, "operator"],
      },
      {
        id: "daily_report",
        rare: true,
        href: "/daily-report",
        icon: "list",
        text: () => t("nav.daily_report"),
        roles: [...READERS, "maintenance"],
      },
      {
        id: "labour",
        rare: true,
        href: "/labour",
        icon: "clock",
        text: () => t("nav.labour"),
        roles: ["leader", "planner"],
      },
      {
        id: "labels",
        rare: true,
        href: "/labels",
        icon: "print",
        text: () => t("nav.labels"),
        roles: [...READERS, "operator"],
      },
      { id: "quality", rare: true, href: "/quality", icon: "quality", text: () => t("nav.quality"), roles: READERS },
      { id: "erp", rare: true, href: "/erp", icon: "erp", text: () => t("nav.erp"), roles: ["planner"] },
    ],
  },
  {
    id: "master",
    text: () => t("nav.group_master"),
    rare: true,
    pages: [
      { id: "items", href: "/items", icon: "item", text: () => t("nav.items"), roles: [...READERS, "maintenance"] },
      {
        id: "definitions",
        href: "/definitions",
        icon: "definitions",
        text: () => t("nav.definitions"),
        roles: [...READERS, "maintenance"],
      },
      { id: "instructions", href: "/instructions", icon: "book", text: () => t("nav.instructions"), roles: READERS },
      { id: "readiness", href: "/readiness", icon: "readiness", text: () => t("nav.readiness"), roles: READERS },
      { id: "imports", href: "/imports", icon: "import", text: () => t("nav.imports"), roles: ["planner"] },
    ],
  },
  {
    id: "shop",
    text: () => t("nav.group_shop"),
    rare: true,
    pages: [
      { id: "people", href: "/people", icon: "people", text: () => t("nav.people"), roles: [] },
      { id: "devices", href: "/devices", icon: "device", text: () => t("nav.devices"), roles: [] },
    ],
  },
];

/** The language as a list. */
export function LanguageSelect() {
  return html`<label class="nav-item">
    ${icon("globe")}
    <span class="visually-hidden">${t("language.title")}</span>
    <select
      data-testid="language"
      value=${language.value}
      onChange=${(event) => setLanguage(event.currentTarget.value)}
    >
      ${Object.entries(LANGUAGES).map(
        ([code, name]) => html`<option value=${code} lang=${code} selected=${code === language.value}>${name}</option>`,
      )}
    </select>
  </label>`;
}

/** Light ↔ dark. */
export function ThemeToggle() {
  const dark = isDark();
  return html`<button type="button" class="nav-item" data-theme-now=${theme.value} onClick=${toggleTheme}>
    ${icon(dark ? "sun" : "moon")}
    ${dark ? t("theme.light") : t("theme.dark")}
  </button>`;
}

function Personal() {
  return html`
    <${LanguageSelect} />
    <${ThemeToggle} />
    <button type="button" class="nav-item" onClick=${signOut} title=${t("session.sign_out")}>
      ${icon("leave")}
      <span class="ellipsis">${me.value?.name ? local(me.value.name) : ""}</span>
      <span class="visually-hidden">${t("session.sign_out")}</span>
    </button>
  `;
}

const link = (page, active, badge) => html`<a
  class="nav-item ${page.rare ? "rare" : ""}"
  key=${page.id}
  href=${page.href}
  aria-current=${page.id === active ? "page" : undefined}
>
  ${icon(page.icon)}
  <span class="ellipsis">${page.text()}</span>
  ${badge ? html`<span class="badge">${badge}</span>` : null}
</a>`;

const section = (group, active, badges) => html`<div
  class="nav-group ${group.rare ? "rare" : ""}"
  role="group"
  aria-label=${group.text()}
  key=${group.id}
>
  <span class="nav-title" aria-hidden="true">${group.text()}</span>
  ${group.pages.map((page) => link(page, active, badges[page.id]))}
</div>`;

/**
 * `<OfficeShell active="orders" title=${t("orders.title")} actions=${buttons} badges=${{erp: 1}}>…</>`: the page's
 * heading, its actions on the right, then its content.
 * A child with class `fill` takes the height that is left.
 */
export function OfficeShell({ active, title, actions, badges = {}, children }) {
  const [more, setMore] = useState(false);
  const groups = GROUPS.map((group) => ({ ...group, pages: group.pages.filter((page) => may(...page.roles)) })).filter(
    (group) => group.pages.length,
  );
  const hidden = groups
    .map((group) => (group.rare ? group : { ...group, pages: group.pages.filter((page) => page.rare) }))
    .filter((group) => group.pages.length);
  const theirs = active === "station" || groups.some((group) => group.pages.some((page) => page.id === active));
  return html`<div class="office">
    <nav class="office-nav" aria-label=${t("nav.label")}>
      <a class="office-brand" href="/">
        <img src="/icons/mark.svg" alt="" />
        <span>Dure<small>${local(site.value?.name)}</small></span>
      </a>
      ${groups.map((group) => section(group, active, badges))}
      <button type="button" class="nav-item nav-more" onClick=${() => setMore(true)}>
        ${icon("more")}
        ${t("nav.more")}
      </button>
      <div class="office-foot"><${Personal} /></div>
    </nav>
    <main class="office-main">
      ${
        theirs
          ? html`<header class="office-head"><h1>${title}</h1>${actions}</header>${children}`
          : html`<${Empty} icon="key" title=${t("page.not_yours")} text=${t("page.not_yours_text")}>
              <${Button} href="/" kind="primary">${t("page.home")}<//>
            <//>`
      }
    </main>
    <${Sheet} open=${more} onClose=${() => setMore(false)} title=${t("nav.more")}>
      <div class="more-list" onClick=${(event) => event.target.closest("a") && setMore(false)}>
        ${hidden.map((group) => section(group, active, badges))}
        <${Personal} />
      </div>
    <//>
  </div>`;
}
