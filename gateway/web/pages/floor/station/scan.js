// A scan at the machine: a traveller chooses its job, anything else is a lot for the job in front. Caps Lock and a
// Korean keyboard make other letters of the same label. Pure.
import { isAlike, readings } from "/js/lib/hangul.js";

const PREFIX = /^DURE:LOT:/i; // stands before a lot with other letters than ASCII
const TRAVELLER = /^DURE:(?:WO:(?<order>[^:]+)|OP:(?<number>[^:]+):(?<op>\d+))$/i;
const STARTABLE = ["running", "paused", "ready"];

/** The jobs of an order, or its operation, that a traveller names; those with just this number before those alike. */
function theirs(jobs, number, op) {
  const named = jobs.filter((job) => isAlike(job.number, number) && (!op || String(job.op) === op));
  const same = named.filter((job) => job.number === number);
  return same.length ? same : named;
}

/** {traveller, job} for a traveller (job undefined when it is not for this machine), {lot} for any other label. */
export function meaningOf(text, jobs) {
  const found = readings(text).flatMap((one) => TRAVELLER.exec(one)?.groups ?? []);
  if (!found.length) return { lot: text.trim().replace(PREFIX, "") };
  const named = found.map(({ order, number, op }) => ({
    traveller: order ?? number,
    jobs: theirs(jobs, order ?? number, op),
  }));
  const best = named.find((one) => one.jobs.length) ?? named[0];
  return {
    traveller: best.traveller,
    job: best.jobs.find((job) => STARTABLE.includes(job.state)) ?? best.jobs[0],
  };
}
