// What the machine's screen shows before the server has answered: the last snapshot, and what was touched since. Pure:
// the same snapshot and commands give the same screen.
//
// A station is {machine, jobs} as the API answers them; quantities are decimal strings.

/** @type {Record<string, number>} */
const RANK = { running: 0, paused: 1, ready: 2, blocked: 3, waiting: 4 };
/**
 * @param {string} quantity
 * @param {number} more
 */
const plus = (quantity, more) => String(Math.round((Number(quantity) + more) * 1e6) / 1e6);
/** @param {string} quantity */
const atLeastNothing = (quantity) => (Number(quantity) < 0 ? "0" : quantity);

/**
 * The state that a pause brings: a set-up is one of its own, anything else is a stop.
 * @param {Reason | null} [reason]
 */
const stateOf = (reason) => (reason?.kind === "setup" ? "setup" : "stopped");
/** @param {string} [phase] */
const stateOfPhase = (phase) => (phase && phase !== "production" ? "setup" : "running");

/**
 * @param {Station} station
 * @param {string | null} id
 * @param {(job: Job) => Partial<Job>} make
 * @returns {Station}
 */
function change(station, id, make) {
  return { ...station, jobs: station.jobs.map((job) => (job.id === id ? { ...job, ...make(job) } : job)) };
}

/**
 * Puts the machine into a state from `at` on, as long as its strip says nothing later.
 * @param {Station} station
 * @param {string} state
 * @param {Reason | null} reason
 * @param {string} at
 * @returns {Station}
 */
function turn(station, state, reason, at) {
  const { machine } = station;
  if (machine.state === state && machine.reason?.code === reason?.code) return station;
  const since = machine.since && machine.since > at ? machine.since : at;
  const strip = [...machine.strip];
  const last = strip.pop();
  if (last) strip.push({ ...last, to: since });
  strip.push({ from: since, to: null, state, reason, source: "manual" });
  return { ...station, machine: { ...machine, state, since, reason, strip } };
}

/**
 * @param {Station} station
 * @param {Command} command
 * @param {string} state
 * @param {string} machineState
 */
function move(station, { job: id, machine, at, body, reason }, state, machineState) {
  const moved = change(station, id, (job) => ({
    state,
    machine: machine ?? job.machine,
    pause_reason: state === "paused" ? (body.reason ?? null) : null,
    started_at: job.started_at ?? (state === "running" ? at : null),
    finished_at: state === "done" ? at : job.finished_at,
    ...(body.phase !== undefined ? { phase: body.phase } : {}),
  }));
  if (!moved.jobs.some((one) => one.id === id) || (machine && machine !== station.machine.code)) return moved;
  const goesOn = state === "done" && moved.jobs.some((one) => one.state === "running" && one.machine === machine);
  return goesOn ? moved : turn(moved, machineState, reason ?? null, at);
}

/**
 * Successors in sight that have now got something of all their predecessors can be started.
 * @param {Station} station
 * @param {string} id
 */
function feed(station, id) {
  const made = station.jobs.find((job) => job.id === id);
  if (!made) return station;
  /** @param {number} op */
  const of = (op) => station.jobs.find((job) => job.number === made.number && job.op === op);
  /** @param {Job} job */
  const fed = (job) =>
    job.number === made.number &&
    job.state === "waiting" &&
    job.predecessors?.includes(made.op) &&
    job.predecessors.every((op) => Number(of(op)?.good) > 0);
  return { ...station, jobs: station.jobs.map((job) => (fed(job) ? { ...job, state: "ready" } : job)) };
}

/**
 * @param {Station} station
 * @param {Command & { job: any, made: Pieces }} command
 * @returns {Station}
 */
function count(station, { job: id, machine, made }) {
  const counted =
    id === null
      ? station
      : change(station, id, (job) => ({
          good: plus(job.good, made.good),
          scrap: plus(job.scrap, made.scrap),
          rework: plus(job.rework, made.rework),
          ready: atLeastNothing(plus(job.ready, -made.good - made.scrap)),
        }));
  const here = machine === station.machine.code;
  const summed = here
    ? {
        ...counted,
        machine: {
          ...counted.machine,
          good: plus(counted.machine.good, made.good),
          scrap: plus(counted.machine.scrap, made.scrap),
        },
      }
    : counted;
  return made.good > 0 && summed.jobs.some((job) => job.id === id) ? feed(summed, id) : summed;
}

/**
 * @param {Job} job
 * @param {string} person
 */
const worksOn = (job, person) => job.crew?.some((one) => one.person === person);

/**
 * @param {Job} job
 * @param {Pick<Command, "body" | "person" | "at">} command
 * @returns {Pick<Job, "crew">}
 */
function crew(job, { body, person, at }) {
  const who = body.person ?? person;
  const others = (job.crew ?? []).filter((one) => one.person !== who);
  if (body.action === "join") return { crew: worksOn(job, who) ? job.crew : [...others, { person: who, since: at }] };
  return { crew: others };
}

/**
 * The present stop has another reason, from its beginning or from `since` on.
 * @param {Station} station
 * @param {Command} command
 * @returns {Station}
 */
function restate(station, { lasts, since, reason }) {
  const { machine } = station;
  if (!lasts || !["stopped", "setup"].includes(machine.state)) return station;
  const state = stateOf(reason);
  const paused = machine.job?.state === "paused" ? machine.job.id : null;
  const told = change(station, paused, () => ({ pause_reason: reason?.code ?? null }));
  if (since) return turn(told, state, reason ?? null, since);
  const strip = machine.strip.map((one, place) =>
    place === machine.strip.length - 1 ? { ...one, state, reason: reason ?? null } : one,
  );
  return { ...told, machine: { ...machine, state, reason: reason ?? null, strip } };
}

/** @type {Record<string, (station: Station, command: any) => Station>} */
const EFFECTS = {
  start: (station, command) =>
    change(move(station, command, "running", stateOfPhase(command.body.phase)), command.job, (job) =>
      crew(job, { ...command, body: { action: "join" } }),
    ),
  resume: (station, command) => move(station, command, "running", stateOfPhase(command.body.phase)),
  pause: (station, command) => move(station, command, "paused", stateOf(command.reason)),
  finish: (station, command) => move(station, command, "done", "idle"),
  phase: (station, command) => {
    const changed = change(station, command.job, () => ({ phase: command.body.phase }));
    const job = changed.jobs.find((one) => one.id === command.job);
    return job?.state === "running" ? turn(changed, stateOfPhase(command.body.phase), null, command.at) : changed;
  },
  go: (station, { person }) => ({
    ...station,
    jobs: station.jobs.map((job) =>
      worksOn(job, person) ? { ...job, crew: job.crew.filter((one) => one.person !== person) } : job,
    ),
  }),
  crew: (station, command) => change(station, command.job, (job) => crew(job, command)),
  restate,
  result: count,
  reverse: count,
};

// As the server lists them, but for an order's priority, which a job does not have: the one at the machine is first.
/**
 * @param {Job} a
 * @param {Job} b
 */
const order = (a, b) =>
  (RANK[a.state] ?? 9) - (RANK[b.state] ?? 9) || (a.due_at < b.due_at ? -1 : a.due_at > b.due_at ? 1 : 0);

/**
 * @param {Station} station
 * @returns {Station}
 */
function settle({ machine, jobs }) {
  const sorted = [...jobs].sort(order);
  const job = sorted.find((one) => one.machine === machine.code && ["running", "paused"].includes(one.state)) ?? null;
  return { machine: { ...machine, job }, jobs: sorted };
}

/**
 * The station after a command; what does not concern it leaves it as it is.
 * @param {Station} station
 * @param {Command} command
 * @returns {Station}
 */
export function apply(station, command) {
  const effect = EFFECTS[command.kind];
  if (
    !effect ||
    (command.job === null
      ? command.machine !== station.machine.code
      : !station.jobs.some((job) => job.id === command.job))
  )
    return station;
  const next = effect(station, command);
  return next.jobs === station.jobs ? next : settle(next);
}

/**
 * The snapshot with all commands that it does not hold yet.
 * @param {Station} station
 * @param {Command[]} commands
 */
export const fold = (station, commands) => commands.reduce(apply, station);
