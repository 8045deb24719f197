// Pictures and PDFs of the API. They need a session, so they are fetched and shown from this page's own memory; the
// browser caches them for good.
import { html, useEffect, useState } from "/js/lib/html.js";
import { getFile } from "/js/lib/api.js";
import { cachedMedia } from "/js/floor/cache.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";

const MOST = 80;
/** @type {Map<string, Promise<ShownFile>>} */
const cache = new Map();

/**
 * @param {Blob} blob
 * @returns {ShownFile}
 */
const shown = (blob) => ({ url: URL.createObjectURL(blob), type: blob.type });

/**
 * @param {string} id
 * @param {Promise<ShownFile>} promise
 */
function remember(id, promise) {
  cache.set(id, promise);
  promise.catch(() => cache.delete(id));
  if (cache.size > MOST) {
    const [[oldest, file]] = cache;
    cache.delete(oldest);
    file.then(
      ({ url }) => URL.revokeObjectURL(url),
      () => {},
    );
  }
  return promise;
}

/**
 * A file that was just sent need not be fetched.
 * @param {string} id
 * @param {Blob} blob
 */
export const cacheSent = (id, blob) => cache.has(id) || remember(id, Promise.resolve(shown(blob)));
// What belongs to a job at this tablet's machine is here without a network.
/**
 * @param {string} id
 * @param {string} service
 */
const find = async (id, service) => (await cachedMedia(id)) ?? getFile(`/${service}/media/${id}`);
/**
 * @param {string} id
 * @param {string} service
 */
const load = (id, service) => cache.get(id) || remember(id, find(id, service).then(shown));

/** @param {{ onRetry: () => void, small: boolean, glyph: string }} props */
function Missing({ onRetry, small, glyph }) {
  return html`<div class="media-none">
    ${icon(glyph)}
    ${!small && html`<p>${t("media.missing")}</p><${Button} icon="refresh" onClick=${onRetry}>${t("action.retry")}<//>`}
  </div>`;
}

/** @param {{ url: string, small: boolean }} props */
function Document({ url, small }) {
  if (small) return html`<div class="media-none">${icon("file")}<b>PDF</b></div>`;
  // A browser without a viewer of its own (a phone, some tablets) hands the document to the program that has one.
  if (!navigator.pdfViewerEnabled)
    return html`<div class="media-none">
      ${icon("file")}
      <${Button} kind="primary" size="tall" href=${url} target="_blank">${t("media.open_pdf")}<//>
    </div>`;
  return html`<iframe class="media" src="${url}#toolbar=0&navpanes=0&view=FitH" title="PDF"></iframe>`;
}

/**
 * A picture or a PDF by its id, stored by `service`; `small` for a thumbnail, `glyph` stands for what cannot be had
 * now.
 * @param {{ id: string, service?: string, small?: boolean, glyph?: string }} props
 */
export function Media({ id, service = "orders", small = false, glyph = "wifi_off" }) {
  const [state, setState] = useState(
    /** @type {Partial<ShownFile> & { id: string | null, failed?: boolean }} */ ({ id: null }),
  );
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let current = true;
    load(id, service).then(
      (file) => current && setState({ id, ...file }),
      () => current && setState({ id, failed: true }),
    );
    return () => (current = false);
  }, [id, tries]);
  if (state.id !== id) return html`<div class="media-none skeleton"></div>`;
  if (state.failed) return html`<${Missing} small=${small} glyph=${glyph} onRetry=${() => setTries(tries + 1)} />`;
  if (state.type === "application/pdf") return html`<${Document} url=${state.url} small=${small} />`;
  return html`<img class="media" src=${state.url} alt="" draggable="false" />`;
}
