// Values as the services store them, in words: their codes, yes and no, dates and times.
import { fullDay, moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";

/**
 * The first of the texts of this name that there is, or the name itself.
 * @param {string} name
 * @param {string[]} texts
 */
export const said = (name, ...texts) => texts.find((text) => !text.endsWith(`.${name}`)) ?? name;

/** @type {Record<string, (code: string) => string>} */
const CODED = {
  state: (code) => said(code, t(`order.${code}`), t(`instruction.${code}`), t(`lot.${code}`)),
  kind: (code) => said(code, t(`item_kind.${code}`), t(`reason.${code}`), t(`tool_kind.${code}`)),
  supply: (code) => said(code, t(`supply.${code}`)),
  priority: (code) => said(code, t(`priority.${code}`)),
};
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^(\d\d:\d\d):00$/;
const YES = "Y";
const NO = "N";

/**
 * A plain value of a field: "unplanned" → "비가동", true → "예", "2026-11-25" → "2026년 11월 25일"; what is written as it
 * is said stays.
 * @param {string} field
 * @param {unknown} value
 */
export function valueWord(field, value) {
  if (value === null || value === undefined || value === "") return "";
  if (value === true || value === YES) return t("fact.yes");
  if (value === false || value === NO) return t("fact.no");
  const text = String(value);
  if (CODED[field]) return CODED[field](text);
  if (INSTANT.test(text)) return moment(text);
  if (DAY.test(text)) return fullDay(text);
  return text.replace(TIME, "$1");
}
