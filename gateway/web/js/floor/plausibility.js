// Whether a typed report can be right: asked once where it is far from what the order and the time allow, and never
// refused. Pure.

const FAR = 1.5; // times what was planned
const FASTER = 2; // times what could have been made since the last report
const AHEAD = 1.1; // times what could have been made since the job's start: who catches up is not asked
const SLACK = 20; // pieces, or a box: nobody mistypes by so few
const MEASURED_S = 600; // a shorter time says nothing of a pace
const MEASURED_PIECES = 20;

/**
 * Pieces that could have been made since a moment, at the standard's pace or the job's own; null when nobody can say.
 * @param {Job} job
 * @param {number} since
 * @param {number} now
 */
function possible(job, since, now) {
  const started = Date.parse(job.started_at ?? "");
  const standard = Number(job.cycle_s);
  if (!(started < now) || !(standard > 0)) return null;
  const elapsed = (now - started) / 1000;
  const made = Number(job.good) + Number(job.scrap) + Number(job.rework);
  const measured = elapsed >= MEASURED_S && made >= MEASURED_PIECES ? elapsed / made : standard;
  return Math.max(0, now - Math.max(started, since)) / 1000 / Math.min(standard, measured);
}

/**
 * Why somebody should look at a report before it is taken: {kind: "order" | "time", limit}; null when it is ordinary.
 * `limit` is what was planned, or what could have been made since the last report (`last`, or the job's start).
 * @param {Job} job
 * @param {Pieces} made
 * @param {number} now
 * @param {{ last?: number, box?: boolean }} [about] `box`: a full box by one touch, of which only the order is asked
 * @returns {{ kind: "order" | "time", limit: number } | null}
 */
export function doubtOf(job, made, now, { last = 0, box = false } = {}) {
  const planned = Number(job.planned);
  const slack = Math.max(SLACK, Number(job.box_quantity) || 0);
  const reported = made.good + made.scrap + made.rework;
  const total = Number(job.good) + Number(job.scrap) + Number(job.rework) + reported;
  if (total > planned * FAR + slack) return { kind: "order", limit: planned };
  const whole = possible(job, 0, now);
  const limit = possible(job, last, now);
  if (box || whole === null || limit === null) return null;
  const isTooFast = reported > limit * FASTER + slack && total > whole * AHEAD + slack;
  return isTooFast ? { kind: "time", limit: Math.round(limit) } : null;
}
