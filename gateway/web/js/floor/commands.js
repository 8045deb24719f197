// The vocabulary of the queue: what an operator can do, as the API wants it. `made` are the pieces that a command
// stands for.

/** Commands whose body has no place for the tablet's time. */
const TIMELESS = new Set(["reverse", "confirm", "read", "label"]);

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
const pieces = (entries) => entries.reduce((sum, { quantity }) => sum + Number(quantity), 0);

/** Start, or go on with a paused one. */
export const start = (job, machine, phase) => {
  const kind = job.state === "paused" ? "resume" : "start";
  return onJob(kind, job, machine, kind, { machine, ...(phase ? { phase } : {}) });
};
export const pause = (job, machine, reason) =>
  onJob(
    "pause",
    job,
    machine,
    "pause",
    { machine, ...(reason ? { reason: reason.code } : {}) },
    { reason: reason ?? null },
  );
export const finish = (job, machine) => onJob("finish", job, machine, "finish", { machine });
/** phase: setup | first_off | production. */
export const changePhase = (job, machine, phase) => onJob("phase", job, machine, "phase", { phase });
/** action: join | leave. */
export const changeCrew = (job, machine, action, person) => onJob("crew", job, machine, "crew", { action, person });
export const report = (job, machine, body) =>
  onJob(
    "result",
    job,
    machine,
    "results",
    { ...body, machine },
    { made: { good: Number(body.good), scrap: pieces(body.scrap), rework: Number(body.rework ?? 0) } },
  );
export const consume = (job, machine, body, material) =>
  onJob("consume", job, machine, "consumptions", body, { material });
/** The label of what the job has made: of its lot, or a tag. */
export const label = (job, machine) => ({
  ...onJob("label", job, machine, "", { job: job.id }),
  path: "/production/labels",
});
export const confirmInstruction = (job, machine) => onJob("confirm", job, machine, "instruction/confirm", {});
/** Takes a report back that was sent already, or is on its way: the result's id comes with its answer. */
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

/** Who touches comes, or goes home and leaves all jobs. */
export const come = (machine) => ({
  kind: "come",
  job: null,
  machine,
  path: "/production/attendance",
  body: { kind: "in" },
});
export const go = (machine) => ({
  kind: "go",
  job: null,
  machine,
  path: "/production/attendance",
  body: { kind: "out" },
});
/** kind: material | maintenance | quality | supervisor. */
export const call = (machine, kind) => ({
  kind: "andon",
  job: null,
  machine,
  path: "/production/andon-calls",
  body: { machine, kind },
});
export const handOver = (machine, note) => ({
  kind: "handover",
  job: null,
  machine,
  path: `/production/machines/${encodeURIComponent(machine)}/handovers`,
  body: { note },
});
export const readNote = (machine, note) => ({
  kind: "read",
  job: null,
  machine,
  note: note.id,
  path: `/production/handovers/${note.id}/read`,
  body: {},
});
export const reportUnassigned = (machine, body) => ({
  kind: "unassigned",
  job: null,
  machine,
  path: `/production/machines/${encodeURIComponent(machine)}/unassigned`,
  body,
  made: { good: Number(body.good), scrap: pieces(body.scrap), rework: 0 },
});

/** What is sent: the body with the time of the touch, where the API takes it. */
export const bodyOf = (command) => (TIMELESS.has(command.kind) ? command.body : { ...command.body, at: command.at });
