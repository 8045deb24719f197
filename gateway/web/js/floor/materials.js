// What a job has to be given, and whether a lot may be used: asked of the server while it answers, judged by what was
// last known of the lots while it does not.
import { get } from "/js/lib/api.js";
import { isoDay } from "/js/lib/format.js";
import { readOrCached } from "/js/floor/cache.js";

/**
 * @param {Job} job
 * @returns {Promise<Material[]>}
 */
export const readMaterials = (job) =>
  readOrCached(`materials/${job.id}`, () => get(`/production/jobs/${job.id}/materials`)).then((answer) => answer.items);

/**
 * The materials with what is consumed but not in them yet: quantities by lot are the server's business, so only the
 * lots are shown.
 * @param {Material[]} materials
 * @param {Command[]} commands
 * @returns {Material[]}
 */
export const withQueued = (materials, commands) =>
  materials.map((material) => {
    const queued = commands.filter(
      (command) =>
        command.material === material.component && !material.lots.some((lot) => lot.lot === command.body.lot),
    );
    return {
      ...material,
      lots: [
        ...material.lots,
        ...queued.map((command) => ({
          lot: command.body.lot,
          item: material.component,
          quantity: null,
          since: command.at,
        })),
      ],
    };
  });

/**
 * The tablet's own verdict on a scanned lot: {component, lot, block} where block is null, "wrong_item",
 * "lot_on_hold", "lot_expired" or "unknown".
 * A label may hold more than the lot's code: its parts are tried, too.
 * @param {Material[]} materials
 * @param {string} text
 * @param {number} now
 * @returns {{ component: string | null, lot: string, block: string | null }}
 */
export function judge(materials, text, now) {
  const parts = [text.trim(), ...text.trim().split(/[\s|;,]+/)];
  for (const material of materials) {
    const lot =
      material.advice.find((one) => parts.includes(one.lot)) ?? material.lots.find((one) => parts.includes(one.lot));
    if (!lot) continue;
    const expired = lot.expires_on && lot.expires_on < isoDay(now);
    const block = lot.state === "on_hold" || lot.state === "held" ? "lot_on_hold" : expired ? "lot_expired" : null;
    return { component: material.component, lot: lot.lot, block };
  }
  return { component: null, lot: parts[0], block: "unknown" };
}
