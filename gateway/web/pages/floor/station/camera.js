// A code before the camera, where the tablet has no scanner.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { watch } from "/js/lib/camera.js";
import { t } from "/js/lib/i18n.js";
import { Notice } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";

function View({ onCode }) {
  const video = useRef(null);
  const [refused, setRefused] = useState(false);
  const [unreadable, setUnreadable] = useState(false);
  useEffect(() => {
    let gone = false;
    let end = () => {};
    watch(
      video.current,
      (text) => !gone && onCode(text),
      () => !gone && setUnreadable(true),
    ).then(
      (stop) => {
        if (gone) stop();
        else end = stop;
      },
      () => setRefused(true),
    );
    return () => {
      gone = true;
      end();
    };
  }, []);
  return html`
    ${refused && html`<${Notice} tone="stop" title=${t("camera.none")}>${t("camera.none_text")}<//>`}
    ${
      unreadable &&
      html`<${Notice} tone="warn" title=${t("camera.unreadable")}>
        ${t("camera.unreadable_text")}
      <//>`
    }
    <video class="camera" ref=${video} muted playsinline data-testid="camera" hidden=${refused}></video>
  `;
}

export function CameraSheet({ open, onClose, onCode }) {
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("camera.title")} class="narrow">
    ${open && html`<${View} onCode=${onCode} />`}
    <p class="muted">${t("camera.text")}</p>
  <//>`;
}
