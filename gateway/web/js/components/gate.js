// The frame of the pages before the app: set-up, sign-in, a tablet's enrolment.
import { html } from "/js/lib/html.js";
import { local } from "/js/lib/i18n.js";
import { site } from "/js/lib/session.js";
import { LanguageSelect } from "/js/components/personal.js";

/**
 * A card in the middle of the page under the brand; the language can be changed at the top.
 * @param {{ wide?: boolean, children?: View }} props
 */
export function Gate({ wide = false, children }) {
  return html`<div class="gate">
    <div class="gate-head"><span class="grow"></span><${LanguageSelect} /></div>
    <main class="gate-body ${wide ? "wide" : ""}">
      <div class="gate-brand">
        <img src="/icons/mark.svg" alt="" />
        <span>Dure<small>${local(site.value?.name)}</small></span>
      </div>
      ${children}
    </main>
  </div>`;
}
