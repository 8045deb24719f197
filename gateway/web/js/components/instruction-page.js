// A page of a work instruction, as it is on a tablet: in the editor, in its list of pages and at the machine it is the
// same view in another size.
import { html } from "/js/lib/html.js";
import { local, t } from "/js/lib/i18n.js";
import { Media } from "/js/components/media.js";

const SHORT = 70;
const LONG = 180;
/** @param {string} text */
const sizeOf = (text) => (text.length <= SHORT ? "short" : text.length <= LONG ? "middle" : "long");

/**
 * `language`: for a reader of it; the page's own otherwise. What is not written in it is shown as it is. `small`: a
 * thumbnail.
 * @param {InstructionPageProps} props
 */
export function InstructionPage({ page, language, small = false, onPicture, class: extra = "" }) {
  const text = (language && page.text[language]) || local(page.text);
  return html`<div class="ip-frame ${extra}">
    <div class="ip ${page.media ? "has-media" : ""} ${text ? "has-text" : ""}">
      ${
        page.media &&
        html`<div class="ip-media" onClick=${onPicture}><${Media} id=${page.media} small=${small} /></div>`
      }
      ${
        text &&
        html`<div class="ip-text ${sizeOf(text)}">${text.split(/\n{2,}/).map((part) => html`<p>${part}</p>`)}</div>`
      }
      ${!page.media && !text && !small && html`<p class="ip-empty">${t("instructions.page_empty")}</p>`}
    </div>
  </div>`;
}
