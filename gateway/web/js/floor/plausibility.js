// Whether a report can be right: asked once where it is far from what the order and the time allow, and never refused.
// Pure.

const FAR = 1.5; // times what was planned
const FASTER = 2; // times what the machine could have made since the job's start
const SLACK = 20; // pieces, or two boxes: nobody mistypes by so few
const MEASURED_S = 600; // a shorter time says nothing of a pace
const MEASURED_PIECES = 20;

/**
 * Pieces that could have been made since the job's start; null when nobody can say.
 * @param {Job} job
 * @param {number} now
 */
function possible(job, now) {
  const elapsed = job.started_at ? (now - Date.parse(job.started_at)) / 1000 : 0;
  const standard = Number(job.cycle_s);
  if (elapsed <= 0 || !(standard > 0)) return null;
  const made = Number(job.good) + Number(job.scrap) + Number(job.rework);
  const measured = elapsed >= MEASURED_S && made >= MEASURED_PIECES ? elapsed / made : standard;
  return elapsed / Math.min(standard, measured);
}

/**
 * Why somebody should look at a report before it is taken: {kind: "order" | "time", limit}; null when it is ordinary.
 * `limit` is what was planned, or what could have been made by now.
 * @param {Job} job
 * @param {Pieces} made
 * @param {number} now
 * @returns {{ kind: "order" | "time", limit: number } | null}
 */
export function doubtOf(job, made, now) {
  const planned = Number(job.planned);
  const slack = Math.max(SLACK, 2 * (Number(job.box_quantity) || 0));
  const reported = made.good + made.scrap + made.rework;
  const total = Number(job.good) + Number(job.scrap) + Number(job.rework) + reported;
  if (total > planned * FAR + slack) return { kind: "order", limit: planned };
  const limit = possible(job, now);
  return limit !== null && total > limit * FASTER + slack ? { kind: "time", limit: Math.round(limit) } : null;
}
