// What a page prints; /css/paper.css hides it on the screen and everything else on paper.
import { html } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";

/**
 * A sheet of paper with room to sign; its child is a plain table, `roomy` when it has few columns.
 * @param {{ title: View, subtitle?: View, roomy?: boolean, children?: View }} props
 */
export function Paper({ title, subtitle, roomy = false, children }) {
  return html`<section class="paper ${roomy ? "roomy" : ""}" aria-hidden="true">
    <header>
      <div><h2>${title}</h2><p>${subtitle}</p></div>
      <div class="signs">
        <span>${t("traveller.made_by")}</span>
        <span>${t("traveller.checked_by")}</span>
        <span>${t("traveller.approved_by")}</span>
      </div>
    </header>
    ${children}
  </section>`;
}
