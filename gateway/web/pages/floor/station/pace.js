// What the machine's time says about the job's pace. Pure: times are milliseconds, the strip is what GET
// /machines/{code} answers.

const HONEST_MS = 5 * 60000; // below five minutes of running, a measured cycle is mostly the moment of the report
const time = (value) => new Date(value).getTime();
const end = (interval, now) => Math.min(now, interval.to ? time(interval.to) : now);

/** Milliseconds in each tone of the intervals, up to `now`; `tone(interval)` names it. */
export function timeBy(intervals, tone, now) {
  const sums = {};
  for (const interval of intervals) {
    const spent = Math.max(0, end(interval, now) - time(interval.from));
    sums[tone(interval)] = (sums[tone(interval)] || 0) + spent;
  }
  return sums;
}

function runningSince(intervals, start, now) {
  return intervals
    .filter((interval) => interval.state === "running")
    .reduce((sum, interval) => sum + Math.max(0, end(interval, now) - Math.max(start, time(interval.from))), 0);
}

/**
 * {cycle, measured, ratio, mark, finish}: seconds a piece; ratio is pieces made against the standard's, minus one; mark
 * (0…1) is where the standard would be; finish is when the rest is done at this pace. What cannot be said honestly is
 * null: the job began before the strip does, or has hardly run, or (`isLater`) it ends after the shift, and whether the
 * machine works on then nobody has said here. `shiftEnds` is null where there is no shift.
 */
export function pace(job, strip, shiftEnds, now) {
  const standard = Number(job.cycle_s) || null;
  const plain = { cycle: standard, measured: false, ratio: null, mark: null, finish: null, isLater: false };
  const began = job.started_at ? time(job.started_at) : null;
  const pieces = Number(job.good) + Number(job.scrap) + Number(job.rework);
  if (!began || !strip.length || began < time(strip[0].from) || job.state !== "running") return plain;
  const ran = runningSince(strip, began, now);
  if (ran < HONEST_MS || pieces <= 0) return plain;
  const cycle = ran / 1000 / pieces;
  const left = Math.max(0, Number(job.planned) - Number(job.good));
  const finish = left ? now + left * cycle * 1000 : null;
  const isLater = finish !== null && shiftEnds !== null && now < shiftEnds && shiftEnds < finish;
  return {
    cycle,
    measured: true,
    ratio: standard ? standard / cycle - 1 : null,
    mark: standard ? Math.min(1, ran / 1000 / standard / Number(job.planned)) : null,
    finish: isLater ? null : finish,
    isLater,
  };
}
