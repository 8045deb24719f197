// A label is made by the server; a label printer at the machine takes it, or else this browser prints its page.
import { get, post } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { toast } from "/js/components/toast.js";

/**
 * Says what became of the newest print, and where the page is when it was not a printer's.
 * @param {Label} label
 */
function announce(label) {
  const print = label.prints[label.prints.length - 1];
  if (print.state === "sent") toast(t("label.sent", { printer: print.printer }));
  else if (label.error)
    toast(label.error.detail, {
      tone: "stop",
      ms: 9000,
      action: { label: t("label.on_page"), run: () => openLabel(label), testid: "label-on-page" },
    });
  else openLabel(label);
  return label;
}

/**
 * The page that prints a label, beside the present one.
 * @param {Pick<Label, "id">} label
 */
export const openLabel = ({ id }) => open(`/labels/${id}?new`, "_blank");

/**
 * Makes a label of `{lot}` or of what a `{job}` has made (its newest lot, or a tag), prints it and says so; `key`
 * repeats an earlier request. Returns the label.
 * @param {Record<string, any>} subject
 * @param {{ key?: string }} [options]
 */
export const printLabel = async (subject, { key } = {}) =>
  announce(await post("/production/labels", subject, key ? { key } : {}));

/**
 * Prints a label again; the reason is recorded.
 * @param {Label} label
 * @param {Record<string, any>} again
 * @param {{ key?: string }} [options]
 */
export const reprintLabel = async (label, again, { key } = {}) =>
  announce(await post(`/production/labels/${label.id}/reprint`, again, key ? { key } : {}));

/**
 * @param {string} id
 * @returns {Promise<Label>}
 */
export const readLabel = (id) => get(`/production/labels/${id}`);
/**
 * A label's SVG as the address of a picture.
 * @param {string} svg
 */
export const pictureOf = (svg) => `data:image/svg+xml,${encodeURIComponent(svg)}`;
