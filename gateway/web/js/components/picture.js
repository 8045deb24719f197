// A picture of something: shown small, changed by choosing another file.
import { html, useRef } from "/js/lib/html.js";
import { upload } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { fit } from "/js/lib/picture.js";
import { Button } from "/js/components/button.js";
import { problemText } from "/js/components/feedback.js";
import { Media, keepSent } from "/js/components/media.js";

/** The picture itself, or an icon where there is none. */
export function Picture({ id, glyph = "item" }) {
  return html`<span class="picture">${id ? html`<${Media} id=${id} small />` : icon(glyph)}</span>`;
}

/** A field whose value is the id of a picture, "" for none. */
export function PictureField({ label, value, onChange, hint, error, disabled }) {
  const input = useRef(null);
  const send = useAction((key, file) => upload("/orders/media", { file }, { key }), {
    done: (media, file) => {
      keepSent(media.id, file);
      onChange(media.id);
    },
    failed: () => {},
  });
  const choose = async (event) => {
    const file = event.currentTarget.files[0];
    event.currentTarget.value = "";
    if (file) send.go(await fit(file));
  };
  const said = error ?? (send.problem && problemText(send.problem));
  return html`<div class="field"><span class="label">${label}</span>
    <div class="picture-field"><${Picture} id=${value} glyph="picture" />
      ${!disabled && html`<input ref=${input} type="file" accept="image/png,image/jpeg,image/webp" class="visually-hidden" tabindex="-1" aria-label=${label} data-testid="picture-file" onChange=${choose} />
        <${Button} busy=${send.busy} onClick=${() => input.current.click()}>${value ? t("picture.change") : t("picture.choose")}<//>
        ${value && html`<${Button} kind="quiet" onClick=${() => onChange("")}>${t("picture.remove")}<//>`}`}</div>
    ${said ? html`<span class="error">${icon("warning")}${said}</span>` : hint && !disabled && html`<span class="hint">${hint}</span>`}</div>`;
}
