// How lots are spoken of on every page about them.
import { html, useCallback } from "/js/lib/html.js";
import { useCatalogue } from "/js/lib/catalogue.js";
import { addDays, day, today } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { language, local, t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";

const SOON_DAYS = 14;

export const lotPath = (lot) => `/production/lots/${encodeURIComponent(lot)}`;
export const lotPage = (lot) => `/lots/${encodeURIComponent(lot)}`;

/** `shift(code)`: what a shift is called; its code as long as nobody knows. */
export function useShifts() {
  const shifts = useCatalogue("shifts");
  return useCallback((code) => local(shifts?.find((one) => one.code === code)?.name) || code, [shifts, language.value]);
}

/** True for those who have the page of recalls. */
export const mayRecall = () => may("planner", "leader", "quality", "viewer");

/** Where a lot comes from: its supplier, or its order. */
export function origin(lot) {
  if (lot.supplier || lot.supplier_lot) return [lot.supplier, lot.supplier_lot].filter(Boolean).join(" · ");
  if (lot.number) return [lot.number, lot.op && t("job.op", { op: lot.op }), lot.machine].filter(Boolean).join(" · ");
  return t(`lot_origin.${lot.origin}`);
}

/** The last day of use; marked when it is near or over. */
export function expiry(lot) {
  if (!lot.expires_on) return html`<span class="muted">–</span>`;
  const isOver = lot.expires_on < today();
  const isSoon = !isOver && lot.expires_on <= addDays(today(), SOON_DAYS);
  return html`<span class="nowrap expiry ${isOver ? "over" : isSoon ? "soon" : ""}">
    ${(isOver || isSoon) && icon("clock")}
    ${day(lot.expires_on)}
    ${lot.expires_on.slice(0, 4) === today().slice(0, 4) ? "" : ` ${lot.expires_on.slice(0, 4)}`}
  </span>`;
}
