// The job that the screen is about: the one on the machine, or for a while another one that somebody looks at.
import { useEffect, useState } from "/js/lib/html.js";

const OPEN_STATES = new Set(["running", "paused", "ready", "waiting", "blocked"]);
const LOOKED_AT_MS = 60000; // then the machine's own job is back

/** {jobs, current, job, choose}: `current` is on the machine, `job` is shown. */
export function useShownJob(station, sheet) {
  const [chosen, choose] = useState(null);
  const machine = station?.machine;
  const jobs = (station?.jobs ?? []).filter((one) => OPEN_STATES.has(one.state));
  const current =
    jobs.find((one) => one.id === machine.job?.id) ??
    jobs.find((one) => one.state === "running" && one.machine === machine.code) ??
    null;
  const job =
    jobs.find((one) => one.id === chosen) ??
    current ??
    jobs.find((one) => one.state === "paused") ??
    jobs.find((one) => one.state === "ready") ??
    null;
  // what comes onto the machine is shown, and stays when it leaves it without being done
  useEffect(() => {
    if (current) choose(current.id);
  }, [current?.id]);
  const isElsewhere = Boolean(current && job && job.id !== current.id);
  useEffect(() => {
    if (!isElsewhere || sheet) return undefined;
    const timer = setTimeout(() => choose(current.id), LOOKED_AT_MS);
    return () => clearTimeout(timer);
  }, [isElsewhere, job?.id, current?.id, sheet]);
  return { jobs, current, job, choose };
}
