// The vocabulary of the queue: what an operator can do, as the API wants it. `made` are the pieces that a command
// stands for.
import { exact } from "/js/lib/units.js";

/** Commands whose body has no place for the tablet's time. */
const TIMELESS = new Set(["reverse", "give_back", "restate", "confirm", "read", "label"]);

/**
 * @param {string} kind
 * @param {Job} job
 * @param {string} machine
 * @param {string} path
 * @param {object} body
 * @param {Partial<NewCommand>} [more]
 * @returns {NewCommand}
 */
const onJob = (kind, job, machine, path, body, more = {}) => ({
  kind,
  job: job.id,
  machine,
  number: job.number,
  op: job.op,
  item: job.item,
  path: `/production/jobs/${job.id}/${path}`,
  body,
  ...more,
});
/** @param {{ quantity: string | number }[]} entries */
const pieces = (entries) => exact(entries.reduce((sum, { quantity }) => sum + Number(quantity), 0));

/**
 * Start, or go on with a paused one.
 * @param {Job} job
 * @param {string} machine
 * @param {string} [phase]
 */
export const start = (job, machine, phase) => {
  const kind = job.state === "paused" ? "resume" : "start";
  return onJob(kind, job, machine, kind, { machine, ...(phase ? { phase } : {}) });
};
/**
 * Take a finished one up again, with why.
 * @param {Job} job
 * @param {string} machine
 * @param {string} reason
 */
export const takeUp = (job, machine, reason) => onJob("start", job, machine, "start", { machine, reason });
/**
 * @param {Job} job
 * @param {string} machine
 * @param {Reason | null} [reason]
 */
export const pause = (job, machine, reason) =>
  onJob(
    "pause",
    job,
    machine,
    "pause",
    { machine, ...(reason ? { reason: reason.code } : {}) },
    { reason: reason ?? null },
  );
/**
 * @param {Job} job
 * @param {string} machine
 */
export const finish = (job, machine) => onJob("finish", job, machine, "finish", { machine });
/**
 * phase: setup | first_off | production.
 * @param {Job} job
 * @param {string} machine
 * @param {string} phase
 */
export const changePhase = (job, machine, phase) => onJob("phase", job, machine, "phase", { phase });
/**
 * action: join | leave.
 * @param {Job} job
 * @param {string} machine
 * @param {string} action
 * @param {string} [person]
 */
export const changeCrew = (job, machine, action, person) => onJob("crew", job, machine, "crew", { action, person });
/**
 * @param {Job} job
 * @param {string} machine
 * @param {any} body
 */
export const report = (job, machine, body) =>
  onJob(
    "result",
    job,
    machine,
    "results",
    { ...body, machine },
    { made: { good: Number(body.good), scrap: pieces(body.scrap), rework: Number(body.rework ?? 0) } },
  );
/**
 * @param {Job} job
 * @param {string} machine
 * @param {object} body
 * @param {string} material
 */
export const consume = (job, machine, body, material) =>
  onJob("consume", job, machine, "consumptions", body, { material });
/**
 * Takes a lot back that was given to a job: its movement's id comes with the answer.
 * @param {Command} command
 * @param {string} reason
 * @returns {NewCommand}
 */
export const giveBack = (command, reason) => ({
  kind: "give_back",
  job: command.job,
  machine: command.machine,
  number: command.number,
  op: command.op,
  item: command.item,
  material: command.material,
  undoes: command.id,
  path: null,
  body: { reason },
});
/**
 * Another reason for a stop of the machine's timeline, or for what comes of it from `splitAt` on.
 * @param {string} machine
 * @param {{ state_id: string, lasts: boolean }} stop
 * @param {Reason} reason
 * @param {string | null} splitAt
 * @returns {NewCommand}
 */
export const restate = (machine, stop, reason, splitAt) => ({
  kind: "restate",
  job: null,
  machine,
  path: `/production/machines/${encodeURIComponent(machine)}/timeline/${stop.state_id}/reason`,
  body: { reason: reason.code, ...(splitAt ? { split_at: splitAt } : {}) },
  reason,
  lasts: stop.lasts,
  since: splitAt,
});
/**
 * The label of what the job has made: of its lot, or a tag.
 * @param {Job} job
 * @param {string} machine
 * @returns {NewCommand}
 */
export const label = (job, machine) => ({
  ...onJob("label", job, machine, "", { job_id: job.id }),
  path: "/production/labels",
});
/**
 * @param {Job} job
 * @param {string} machine
 */
export const confirmInstruction = (job, machine) => onJob("confirm", job, machine, "instruction/confirm", {});
/**
 * Takes a report back that was sent already, or is on its way: the result's id comes with its answer.
 * @param {Command & { made: Pieces }} command
 * @param {string} reason
 * @returns {NewCommand}
 */
export const reverse = (command, reason) => ({
  kind: "reverse",
  job: command.job,
  machine: command.machine,
  number: command.number,
  op: command.op,
  item: command.item,
  undoes: command.id,
  path: null,
  body: { reason },
  made: { good: -command.made.good, scrap: -command.made.scrap, rework: -command.made.rework },
});

/**
 * The operator comes, or goes home and leaves all jobs.
 * @param {string} machine
 * @returns {NewCommand}
 */
export const come = (machine) => ({
  kind: "come",
  job: null,
  machine,
  path: "/production/attendance",
  body: { kind: "in" },
});
/**
 * @param {string} machine
 * @returns {NewCommand}
 */
export const go = (machine) => ({
  kind: "go",
  job: null,
  machine,
  path: "/production/attendance",
  body: { kind: "out" },
});
/**
 * kind: material | maintenance | quality | supervisor.
 * @param {string} machine
 * @param {string} kind
 * @returns {NewCommand}
 */
export const call = (machine, kind) => ({
  kind: "andon",
  job: null,
  machine,
  path: "/production/andon-calls",
  body: { machine, kind },
});
/**
 * @param {string} machine
 * @param {string} note
 * @returns {NewCommand}
 */
export const handOver = (machine, note) => ({
  kind: "handover",
  job: null,
  machine,
  path: `/production/machines/${encodeURIComponent(machine)}/handovers`,
  body: { note },
});
/**
 * @param {string} machine
 * @param {{ id: string }} note
 * @returns {NewCommand}
 */
export const readNote = (machine, note) => ({
  kind: "read",
  job: null,
  machine,
  note: note.id,
  path: `/production/handovers/${note.id}/read`,
  body: {},
});
/**
 * @param {string} machine
 * @param {any} body
 * @returns {NewCommand}
 */
export const reportUnassigned = (machine, body) => ({
  kind: "unassigned",
  job: null,
  machine,
  path: `/production/machines/${encodeURIComponent(machine)}/unassigned`,
  body,
  made: { good: Number(body.good), scrap: pieces(body.scrap), rework: 0 },
});

/**
 * The body as it is sent: with the time of the touch, where the API takes it and the body has none of its own.
 * @param {Command} command
 */
export const bodyOf = (command) => (TIMELESS.has(command.kind) ? command.body : { at: command.at, ...command.body });
