// Something to copy, such as a key that is shown only once.
import { html, useRef, useState } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";

/** @param {Attributes & { value: string }} props */
export function Secret({ value, ...rest }) {
  const text = useRef(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    // Without HTTPS there is no clipboard; then the text is at least selected.
    getSelection()?.selectAllChildren(text.current);
    await navigator.clipboard?.writeText(value).catch(() => {});
    if (navigator.clipboard || document.execCommand("copy")) setCopied(true);
  };
  return html`<div class="secret">
    <code ref=${text} ...${rest}>${value}</code>
    <${Button} icon=${copied ? "check" : "copy"} onClick=${copy}>${copied ? t("action.copied") : t("action.copy")}<//>
  </div>`;
}
