// The office frame around a page: navigation by role, who is signed in, language, light or dark.
import { html, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { LANGUAGES, language, local, setLanguage, t } from "/js/lib/i18n.js";
import { may, me, signOut, site } from "/js/lib/session.js";
import { isDark, theme, toggleTheme } from "/js/lib/theme.js";
import { Button } from "/js/components/button.js";
import { Empty } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";

const PAGES = [
  { id: "orders", href: "/orders", icon: "order", text: () => t("nav.orders"), roles: ["planner", "leader", "quality", "viewer"] },
  { id: "board", href: "/board", icon: "board", text: () => t("nav.board"), roles: ["planner", "leader", "quality", "viewer", "maintenance", "operator"] },
  { id: "station", href: "/station", icon: "machine", text: () => t("nav.station"), roles: ["leader", "operator"] },
  { id: "instructions", href: "/instructions", icon: "book", text: () => t("nav.instructions"), roles: ["planner", "leader", "quality", "viewer"], rare: true },
  { id: "quality", href: "/quality", icon: "quality", text: () => t("nav.quality"), roles: ["planner", "leader", "quality", "viewer"] },
  { id: "erp", href: "/erp", icon: "erp", text: () => t("nav.erp"), roles: ["planner"] },
  { id: "imports", href: "/imports", icon: "import", text: () => t("nav.imports"), roles: ["planner"], rare: true },
  { id: "people", href: "/people", icon: "people", text: () => t("nav.people"), roles: [], rare: true },
  { id: "devices", href: "/devices", icon: "device", text: () => t("nav.devices"), roles: [], rare: true },
];

/** The language as a list. */
export function LanguageSelect() {
  return html`<label class="nav-item">${icon("globe")}<span class="visually-hidden">${t("language.title")}</span>
    <select data-testid="language" value=${language.value} onChange=${(event) => setLanguage(event.currentTarget.value)}>
      ${Object.entries(LANGUAGES).map(([code, name]) => html`<option value=${code} lang=${code} selected=${code === language.value}>${name}</option>`)}
    </select></label>`;
}

/** Light ↔ dark. */
export function ThemeToggle() {
  const dark = isDark();
  return html`<button type="button" class="nav-item" data-theme-now=${theme.value} onClick=${toggleTheme}>${icon(dark ? "sun" : "moon")}${dark ? t("theme.light") : t("theme.dark")}</button>`;
}

function Personal() {
  return html`<${LanguageSelect} /><${ThemeToggle} />
    <button type="button" class="nav-item" onClick=${signOut} title=${t("session.sign_out")}>${icon("leave")}<span class="ellipsis">${me.value?.name ? local(me.value.name) : ""}</span><span class="visually-hidden">${t("session.sign_out")}</span></button>`;
}

const link = (page, active, badge) => html`<a class="nav-item ${page.rare ? "rare" : ""}" key=${page.id} href=${page.href} aria-current=${page.id === active ? "page" : undefined}>
  ${icon(page.icon)}${page.text()}${badge ? html`<span class="badge">${badge}</span>` : null}</a>`;

/**
 * `<OfficeShell active="orders" title=${t("orders.title")} actions=${buttons} badges=${{erp: 1}}>…</>`: the page's heading, its actions on the right, then its content.
 * A child with class `fill` takes the height that is left.
 */
export function OfficeShell({ active, title, actions, badges = {}, children }) {
  const [more, setMore] = useState(false);
  const pages = PAGES.filter((page) => may(...page.roles));
  const theirs = active === "station" || pages.some((page) => page.id === active);
  return html`<div class="office">
    <nav class="office-nav" aria-label=${t("nav.label")}>
      <a class="office-brand" href="/"><img src="/icons/mark.svg" alt="" /><span>Dure<small>${local(site.value?.name)}</small></span></a>
      ${pages.map((page) => link(page, active, badges[page.id]))}
      <button type="button" class="nav-item nav-more" onClick=${() => setMore(true)}>${icon("more")}${t("nav.more")}</button>
      <div class="office-foot"><${Personal} /></div>
    </nav>
    <main class="office-main">
      ${theirs ? html`<header class="office-head"><h1>${title}</h1>${actions}</header>${children}`
        : html`<${Empty} icon="key" title=${t("page.not_yours")} text=${t("page.not_yours_text")}><${Button} href="/" kind="primary">${t("page.home")}<//><//>`}
    </main>
    <${Sheet} open=${more} onClose=${() => setMore(false)} title=${t("nav.more")}>
      <div class="more-list" onClick=${(event) => event.target.closest("a") && setMore(false)}>${pages.filter((page) => page.rare).map((page) => link(page, active, badges[page.id]))}<${Personal} /></div>
    <//>
  </div>`;
}
