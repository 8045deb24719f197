// What a person chooses for themselves on every page: the language, light or dark.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { LANGUAGES, language, setLanguage, t } from "/js/lib/i18n.js";
import { isDark, theme, toggleTheme } from "/js/lib/theme.js";

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
