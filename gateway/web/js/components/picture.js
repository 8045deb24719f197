// A picture of something: shown small, changed by choosing another file or by taking a photo.
import { html, useRef } from "/js/lib/html.js";
import { upload } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { TOUCH, useMedia } from "/js/lib/media.js";
import { fit } from "/js/lib/picture.js";
import { Button } from "/js/components/button.js";
import { problemText } from "/js/components/feedback.js";
import { Media, cacheSent } from "/js/components/media.js";

const TYPES = "image/png,image/jpeg,image/webp";

/**
 * The picture itself, stored by `service`, or an icon where there is none.
 * @param {Attributes & { id?: string | null, service?: string, glyph?: string }} props
 */
export function Picture({ id, service, glyph = "item", class: extra = "", ...rest }) {
  return html`<span class="picture ${extra}" ...${rest}>
    ${id ? html`<${Media} id=${id} service=${service} glyph=${glyph} small />` : icon(glyph)}
  </span>`;
}

/**
 * A field whose value is the id of a picture stored by `service`, "" for none.
 * @param {PictureFieldProps} props
 */
export function PictureField({ label, value, onChange, service = "orders", hint, error, disabled }) {
  const input = useRef(null);
  const camera = useRef(null);
  const hasCamera = useMedia(TOUCH); // elsewhere it would only be a second way to the files
  const send = useAction((key, file) => upload(`/${service}/media`, { file }, { key }), {
    done: (media, file) => {
      cacheSent(media.id, file);
      onChange(media.id);
    },
    failed: () => {},
  });
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const choose = async (event) => {
    const file = event.currentTarget.files?.[0];
    event.currentTarget.value = "";
    if (file) send.go(await fit(file));
  };
  const message = error ?? (send.problem && problemText(send.problem));
  return html`<div class="field">
    <span class="label">${label}</span>
    <div class="picture-field">
      <${Picture} id=${value} service=${service} glyph="picture" />
      ${
        !disabled &&
        html`
          <input
            ref=${input}
            type="file"
            accept=${TYPES}
            class="visually-hidden"
            tabindex="-1"
            aria-label=${label}
            data-testid="picture-file"
            onChange=${choose}
          />
          <${Button} busy=${send.busy} onClick=${() => input.current.click()}>
            ${value ? t("picture.change") : t("picture.choose")}
          <//>
          ${
            hasCamera &&
            html`
              <input
                ref=${camera}
                type="file"
                accept="image/*"
                capture="environment"
                class="visually-hidden"
                tabindex="-1"
                aria-label=${t("picture.take")}
                data-testid="picture-camera"
                onChange=${choose}
              />
              <${Button} icon="camera" disabled=${send.busy} onClick=${() => camera.current.click()}>
                ${t("picture.take")}
              <//>
            `
          }
          ${
            value &&
            html`<${Button} kind="quiet" data-testid="picture-remove" onClick=${() => onChange("")}>
              ${t("picture.remove")}
            <//>`
          }
        `
      }
    </div>
    ${
      message
        ? html`<span class="error">${icon("warning")}${message}</span>`
        : hint && !disabled && html`<span class="hint">${hint}</span>`
    }
  </div>`;
}
