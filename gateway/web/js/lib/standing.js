// How open orders stand against their due dates: the server's one figure, in the same words on every screen.
import { signal } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { duration, moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";

const HOUR_S = 3600;

/**
 * Orders that are late or will be, and those that were asked for, by their ids.
 * @type {Signal<Map<string, Standing>>}
 */
export const standings = signal(new Map());

/** Reads all orders that are late or will be. @returns {Promise<Standing[]>} */
export async function readStandings() {
  const found = await all("/orders/work-orders/standings", {}, 100000);
  standings.value = new Map(found.map((one) => [one.id, one]));
  return found;
}

/**
 * Reads how one order stands.
 * @param {string} id
 */
export async function readStanding(id) {
  const [found] = await all("/orders/work-orders/standings", { id });
  const known = new Map(standings.value);
  if (found) known.set(id, found);
  else known.delete(id);
  standings.value = known;
}

/**
 * "+6 h late": from an hour on nobody counts minutes.
 * @param {Standing} one
 */
export function standingText({ standing, late_s: late }) {
  if (late === null) return "";
  const seconds = Math.abs(late);
  const time = duration((seconds < HOUR_S ? seconds : Math.round(seconds / HOUR_S) * HOUR_S) * 1000);
  return standing === "late" ? t("standing.late", { time }) : t("standing.at_risk", { time });
}

/**
 * How the figure comes about.
 * @param {Standing} one
 */
export const standingWhy = ({ expected_at: at, due_at: due }) =>
  at ? t("standing.why", { at: moment(at), due: moment(due) }) : t("standing.why_unknown", { due: moment(due) });
