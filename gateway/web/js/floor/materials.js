// What a job has to be given, what a lot gives it, and whether it may be used: asked of the server while it answers,
// judged by what was last known of the lots while it does not.
import { get } from "/js/lib/api.js";
import { exact } from "/js/lib/units.js";
import { readOrCached } from "/js/floor/cache.js";
import { isOpen } from "/js/floor/queue.js";

/**
 * The materials of a job, and when the server was asked.
 * @param {Job} job
 * @returns {Promise<{ items: Material[], asked: string }>}
 */
export const readMaterials = (job) =>
  readOrCached(`materials/${job.id}`, async () => {
    const asked = new Date().toISOString();
    return { ...(await get(`/production/jobs/${job.id}/materials`)), asked };
  });

/**
 * The materials with what was touched since the server was asked: what was given, and what was taken back.
 * @param {Material[]} materials
 * @param {Command[]} commands of the job, those that count
 * @param {string} asked
 * @returns {Material[]}
 */
export function withQueued(materials, commands, asked) {
  const isNew = (/** @type {Command} */ command) =>
    isOpen(command) || (command.settled !== undefined && command.settled > asked);
  const back = new Set(commands.filter((one) => one.kind === "give_back").map((one) => one.undoes));
  const changes = commands.flatMap((command) => {
    if (command.kind === "consume") return isNew(command) && !back.has(command.id) ? [{ command, sign: 1 }] : [];
    const given = commands.find((one) => one.id === command.undoes);
    return given && !isNew(given) && isNew(command) ? [{ command: given, sign: -1 }] : [];
  });
  return materials.map((material) => {
    const own = changes.filter(({ command }) => command.material === material.component);
    const moved = (/** @type {(command: Command) => boolean} */ fits) =>
      own.reduce((sum, { command, sign }) => sum + (fits(command) ? sign * Number(command.body.quantity ?? 0) : 0), 0);
    const given = own.filter(
      ({ command, sign }) => sign > 0 && !material.lots.some((lot) => lot.lot === command.body.lot),
    );
    return {
      ...material,
      consumed: String(exact(Number(material.consumed) + moved(() => true))),
      advice: material.advice.map((lot) => ({
        ...lot,
        remaining: String(exact(Number(lot.remaining) - moved((command) => command.body.lot === lot.lot))),
      })),
      lots: [
        ...material.lots,
        ...given.map(({ command }) => ({
          lot: command.body.lot,
          item: material.component,
          quantity: null,
          since: command.at,
        })),
      ],
    };
  });
}

/**
 * How much of the lot's item stands for one of the material.
 * @param {Job} job
 * @param {Material} material
 * @param {StockLot} lot
 */
function ratio(job, material, lot) {
  const line = job.materials?.find((one) => one.component === material.component);
  const other = line?.alternates.find((one) => one.component === lot.item);
  return line && other ? Number(other.quantity) / Number(line.quantity) : 1;
}

/**
 * What a touch on a lot gives the job: what it still needs, at most what is left of the lot; 0 when the need is
 * covered.
 * @param {Job} job
 * @param {Material} material
 * @param {StockLot} lot
 */
export function offerOf(job, material, lot) {
  const rest = (Number(material.needed) - Number(material.consumed)) * ratio(job, material, lot);
  return exact(Math.max(0, Math.min(rest, Number(lot.remaining))));
}

/**
 * The tablet's own verdict on a scanned lot: {material, known, lot, block} where block is null, "wrong_item",
 * "lot_on_hold", "lot_expired" or "unknown", and `known` is the lot as it is advised.
 * A label may hold more than the lot's code: its parts are tried, too.
 * @param {Material[]} materials
 * @param {string} text
 * @param {number} now
 * @returns {{ material: Material | null, known: StockLot | null, lot: string, block: string | null }}
 */
export function judge(materials, text, now) {
  const parts = [text.trim(), ...text.trim().split(/[\s|;,]+/)];
  for (const material of materials) {
    const known = material.advice.find((one) => parts.includes(one.lot)) ?? null;
    const lot = known ?? material.lots.find((one) => parts.includes(one.lot));
    if (!lot) continue;
    const expired = lot.expires_on && lot.expires_on < new Date(now).toISOString().slice(0, 10);
    const block = lot.state === "on_hold" || lot.state === "held" ? "lot_on_hold" : expired ? "lot_expired" : null;
    return { material, known, lot: lot.lot, block };
  }
  return { material: null, known: null, lot: parts[0], block: "unknown" };
}
