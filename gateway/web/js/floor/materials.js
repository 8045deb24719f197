// What a job has to be given, what a lot gives it, and whether it may be used: asked of the server while it answers,
// judged by what was last known of the lots while it does not.
import { get } from "/js/lib/api.js";
import { isoDay } from "/js/lib/format.js";
import { isAlike, readings } from "/js/lib/hangul.js";
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
 * The quantities that commands have moved since the server was asked: what was given, negative what went back or was
 * taken back.
 * @param {Command[]} commands
 * @param {string} asked
 * @returns {{ command: Command, quantity: number }[]}
 */
function changesOf(commands, asked) {
  const isNew = (/** @type {Command} */ command) =>
    isOpen(command) || (command.settled !== undefined && command.settled > asked);
  const back = new Set(commands.filter((one) => one.kind === "give_back").map((one) => one.undoes));
  const size = (/** @type {Command} */ command) => Number(command.body.quantity ?? 0);
  return commands.flatMap((command) => {
    if (command.kind === "consume")
      return isNew(command) && !back.has(command.id) ? [{ command, quantity: size(command) }] : [];
    const given = commands.find((one) => one.id === command.undoes);
    return given && !isNew(given) && isNew(command) ? [{ command: given, quantity: -size(given) }] : [];
  });
}

/**
 * The lots of a material once a quantity of one was given, or went back.
 * @param {Material} material
 * @param {Command} command
 * @param {number} quantity
 * @returns {StockLot[]}
 */
function lotsAfter(material, command, quantity) {
  const { lot } = command.body;
  if (!material.lots.some((one) => one.lot === lot))
    return quantity < 0
      ? material.lots
      : [
          ...material.lots,
          { lot, item: material.component, quantity: quantity ? String(quantity) : null, since: command.at },
        ];
  return material.lots
    .map((one) => (one.lot === lot ? { ...one, quantity: String(exact(Number(one.quantity) + quantity)) } : one))
    .filter((one) => one.lot !== lot || quantity >= 0 || Number(one.quantity) > 0);
}

/**
 * The materials with what was touched since the server was asked: what was given, and what went back. Where the same
 * component is needed in two lines, the first one that still misses some gets it, as at the server.
 * @param {Job} job
 * @param {Material[]} materials
 * @param {Command[]} commands of the job, those that count
 * @param {string} asked
 * @returns {Material[]}
 */
export function withQueued(job, materials, commands, asked) {
  return changesOf(commands, asked).reduce((known, { command, quantity }) => {
    const own = known.filter((one) => one.component === command.material);
    const { lot } = command.body;
    const line =
      (quantity < 0
        ? own.find((one) => one.lots.some((other) => other.lot === lot))
        : own.find((one) => Number(one.consumed) < Number(one.needed))) ?? own[0];
    return known.map((material) => {
      const stock = material.advice.find((one) => one.lot === lot);
      const advice = stock
        ? material.advice.map((one) =>
            one === stock ? { ...one, remaining: String(exact(Number(one.remaining) - quantity)) } : one,
          )
        : material.advice;
      if (material !== line) return { ...material, advice };
      const per = ratio(job, material, stock ?? material.lots.find((one) => one.lot === lot) ?? { lot });
      const consumed = String(exact(Number(material.consumed) + quantity / per));
      return { ...material, advice, consumed, lots: lotsAfter(material, command, quantity) };
    });
  }, materials);
}

/**
 * The materials, one a component.
 * @param {Material[]} materials
 */
export const componentsOf = (materials) =>
  materials.filter((one, at) => materials.findIndex((other) => other.component === one.component) === at);

/**
 * The materials that a lot of an item can be given for, one a component: it may be an alternate of several.
 * @param {Material[]} materials
 * @param {string | undefined} item
 */
export const linesOf = (materials, item) => componentsOf(materials.filter((one) => one.items.includes(item)));

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
 * The tablet's own verdict on a scanned lot: {material, known, lot, lines, block} where block is null, "wrong_item",
 * "lot_on_hold", "lot_expired" or "unknown", `known` is the lot as it is advised, and `lines` are the materials that it
 * can be given for.
 * A label may hold more than the lot's code: its parts are tried, too, whatever the keyboard makes of their letters.
 * @param {Material[]} materials
 * @param {string} text
 * @param {number} now
 * @returns {{ material: Material?, known: StockLot?, lot: string, lines: Material[], block: string? }}
 */
export function judge(materials, text, now) {
  const parts = readings(text).flatMap((one) => [one, ...one.split(/[\s|;,]+/)]);
  const isSame = (/** @type {StockLot} */ one) => parts.includes(one.lot);
  const isLike = (/** @type {StockLot} */ one) => parts.some((part) => isAlike(part, one.lot));
  for (const fits of [isSame, isLike])
    for (const material of materials) {
      const known = material.advice.find(fits) ?? null;
      const lot = known ?? material.lots.find(fits);
      if (!lot) continue;
      const expired = lot.expires_on && lot.expires_on < isoDay(now);
      const block = lot.state === "on_hold" || lot.state === "held" ? "lot_on_hold" : expired ? "lot_expired" : null;
      return { material, known, lot: lot.lot, lines: linesOf(materials, lot.item), block };
    }
  return { material: null, known: null, lot: text.trim(), lines: [], block: "unknown" };
}
