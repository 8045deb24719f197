// Numbers, times and durations as the shop writes them. Quantities come from the API as decimal strings.
import { signal } from "/js/lib/html.js";
import { locale, t } from "/js/lib/i18n.js";

/** The site's time zone, from GET /site. */
export const zone = signal("Asia/Seoul");
/** @type {Map<string, any>} */
const cache = new Map();

/**
 * Made once for each language and set of options: that costs far more than to write with it.
 * @template T
 * @param {new (locale: string, options: any) => T} kind
 * @param {object} options
 * @returns {T}
 */
function formatter(kind, options, language = locale()) {
  const name = `${language}${kind.name}${JSON.stringify(options)}`;
  if (!cache.has(name)) cache.set(name, new kind(language, options));
  return cache.get(name);
}

/**
 * "6000" → "6,000"; "1/30000" → "1/30,000"; nothing → "–".
 * @param {string | number | null} [value]
 * @param {number} [digits]
 */
export function number(value, digits = 3) {
  if (value === null || value === undefined || value === "") return "–";
  const written = formatter(Intl.NumberFormat, { maximumFractionDigits: digits });
  return String(value)
    .split("/")
    .map((part) => written.format(Number(part)))
    .join("/");
}

/**
 * 0.824 → "82 %".
 * @param {number | null} [ratio]
 * @param {number} [digits]
 */
export function percent(ratio, digits = 0) {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return "–";
  const percentage = formatter(Intl.NumberFormat, { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return `${percentage.format(ratio * 100)} %`;
}

const DAY_MS = 86400000;
/**
 * True for a day of the calendar, "2026-11-25": it is that day in every time zone.
 * @param {string | number | Date} value
 */
const isCalendarDay = (value) => typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);

/**
 * A moment in the site's time zone, or a day of the calendar, in the parts that are asked for.
 * @param {string | number | Date | null | undefined} value
 * @param {Intl.DateTimeFormatOptions} options
 */
export function dated(value, options) {
  if (!value) return "–";
  const timeZone = isCalendarDay(value) ? "UTC" : zone.value;
  return formatter(Intl.DateTimeFormat, { timeZone, ...options }).format(new Date(value));
}

/**
 * "14:32" in the site's time zone.
 * @param {string | number | Date | null} [value]
 */
export const clock = (value) => dated(value, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
/**
 * "11. 25." / "25 Nov".
 * @param {string | number | Date | null} [value]
 */
export const day = (value) => dated(value, { month: "short", day: "numeric" });
/**
 * "2026. 11. 25." / "25 Nov 2026": a day that may lie years away.
 * @param {string | number | Date | null} [value]
 */
export const fullDay = (value) => dated(value, { year: "numeric", month: "short", day: "numeric" });
/**
 * Day and time.
 * @param {string | number | Date | null} [value]
 */
export const moment = (value) => (value ? `${day(value)} ${clock(value)}` : "–");
/**
 * "2026-11-25" in the site's time zone, as the API and date fields want it.
 * @param {string | number | Date} value
 */
export function isoDay(value) {
  const parts = { timeZone: zone.value, year: "numeric", month: "2-digit", day: "2-digit" };
  return formatter(Intl.DateTimeFormat, parts, "sv-SE").format(new Date(value));
}

/**
 * So many days after a day of the calendar: a day is not always 24 hours long.
 * @param {string} date
 * @param {number} days
 */
export const addDays = (date, days) =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
/** The day it is at the shop. */
export const today = () => isoDay(Date.now());

/**
 * A day of the calendar, "2026-11-25", in the parts that are asked for: "11월 25일 (수)".
 * @param {string} date
 * @param {Intl.DateTimeFormatOptions} parts
 */
export const dayInWords = (date, parts) =>
  formatter(Intl.DateTimeFormat, { timeZone: "UTC", ...parts }).format(new Date(`${date}T00:00:00Z`));

/**
 * How far the shop's clock is ahead of UTC at an instant, in milliseconds.
 * @param {number} at
 */
function offsetAt(at) {
  const there = new Date(at).toLocaleString("sv-SE", { timeZone: zone.value });
  return Date.parse(`${there.replace(" ", "T")}Z`) - at;
}

/**
 * A day and a time of the shop's own clock ("2026-11-25", "18:00") as an instant for the API: of two the first one.
 * @param {string} date
 * @param {string} time
 */
export function instant(date, time) {
  const wall = Date.parse(`${date}T${time}:00Z`);
  // a day before and after, whatever the clocks do on that day has not begun or is over
  const possible = [wall - offsetAt(wall - DAY_MS), wall - offsetAt(wall + DAY_MS)];
  const shown = possible.filter((at) => at + offsetAt(at) === wall);
  return new Date(shown.length ? Math.min(...shown) : possible[0]).toISOString();
}

/**
 * Seconds since `from` as "0:23" (hours:minutes), or days when it is long: "3d".
 * @param {string | number | null | undefined} from
 * @param {number} now
 */
export function since(from, now) {
  if (!from) return "";
  const minutes = Math.max(0, Math.floor((now - new Date(from).getTime()) / 60000));
  if (minutes >= 2880) return t("unit.days", { n: Math.floor(minutes / 1440) });
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}

/**
 * Milliseconds as text: "4시간 38분", "4 h 38 m".
 * @param {number} ms
 */
export function duration(ms) {
  const minutes = Math.round(Math.abs(ms) / 60000);
  if (minutes >= 2880) return t("unit.days", { n: Math.round(minutes / 1440) });
  if (minutes < 60) return t("unit.minutes", { m: minutes });
  return minutes % 60
    ? t("unit.hours_minutes", { h: Math.floor(minutes / 60), m: minutes % 60 })
    : t("unit.hours", { h: minutes / 60 });
}

/**
 * Seconds as "1:05", as columns of hours are written.
 * @param {number} seconds
 */
export function hours(seconds) {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
