// A scan at the machine: a traveller chooses its job, anything else is a lot for the job in front.
const PREFIX = /^DURE:LOT:/; // stands before a lot with other letters than ASCII
const TRAVELLER = /^DURE:(?:WO:(?<order>[^:]+)|OP:(?<number>[^:]+):(?<op>\d+))$/;

/** {job} for a traveller (undefined when it is not for this machine), {lot} for any other label. Pure. */
export function meaningOf(text, jobs) {
  const found = TRAVELLER.exec(text.trim())?.groups;
  if (!found) return { lot: text.trim().replace(PREFIX, "") };
  const number = found.order ?? found.number;
  const theirs = jobs.filter((job) => job.number === number && (!found.op || String(job.op) === found.op));
  return {
    traveller: number,
    job: theirs.find((job) => ["running", "paused", "ready"].includes(job.state)) ?? theirs[0],
  };
}
