// What a touch on the operator's screen does: one function for each, for the job in front.
import {
  call,
  changeCrew,
  changePhase,
  come,
  finish,
  go,
  handOver,
  label,
  pause,
  readNote,
  report,
  reportUnassigned,
  restate,
  start,
  takeUp,
} from "/js/floor/commands.js";
import { doubtOf } from "/js/floor/plausibility.js";
import { commands, counts, settle } from "/js/floor/queue.js";
import { duration, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { play } from "/js/lib/sound.js";
import { toast } from "/js/components/toast.js";
import { bodyOf, piecesOf } from "/pages/floor/station/report.js";
import { DOUBLE_MS, record, takeBack } from "/pages/floor/station/recorder.js";

const refuse = (text) => {
  play("stop");
  toast(text, { tone: "stop" });
};

/** What is asked before a report that can hardly be right; null for an ordinary one. */
function questionOf(job, pieces, run, box) {
  const before = commands.value.findLast((one) => one.kind === "result" && one.job === job.id && counts(one));
  const last = Date.parse(before?.at ?? job.started_at ?? "") || 0;
  const doubt = doubtOf(job, pieces, Date.now(), { last, box });
  if (!doubt) return null;
  const entered = number(pieces.good + pieces.scrap + pieces.rework);
  const limit = number(doubt.limit);
  const time = duration(Date.now() - last);
  const text =
    doubt.kind === "order"
      ? t("question.over_order", { n: entered, limit, unit: job.unit })
      : t("question.too_fast", { n: entered, limit, time });
  return { title: t("question.sure", { n: entered }), text, yes: t("question.yes", { n: entered }), run };
}

/** The pause of a machine that has not left the tablet: its reason is simply another one. */
export const queuedPause = (machine) => {
  const last = commands.value.findLast((one) => one.machine === machine && ["pause", "resume"].includes(one.kind));
  return last?.kind === "pause" && last.state === "queued" ? last : null;
};

/** The actions of one drawing of the screen. `jobNow(id)` is newer than what was drawn; `done` closes the sheet. */
export function actionsOf({ code, job, jobs, jobNow, online, reasons, recorder, typed, unassigned, done, ask }) {
  const reasonOf = (code_) => reasons.find((entry) => entry.code === code_);
  const command = (name, states, make) =>
    recorder.once(name, async () => {
      const fresh = jobNow(job.id);
      if (states.includes(fresh?.state) && (await record(make(fresh)))) play("done");
    });
  const plain = (name, make) => {
    done();
    recorder.once(name, async () => (await record(make())) && play("done"), DOUBLE_MS);
  };
  const made = async (make, draft) => {
    if (!(await recorder.report(make()))) return;
    play("done");
    draft?.clear();
    done();
  };
  /** Asks first where that is due; the answer does it. */
  const unlessDoubtful = (pieces, run, box = false) => {
    const question = questionOf(jobNow(job.id) ?? job, pieces, run, box);
    if (question) ask(question);
    else run();
  };
  return {
    start(phase) {
      const other = jobs.find((one) => one.state === "running" && one.machine === code && one.id !== job.id);
      if (other) refuse(t("station.busy", { machine: code, number: other.number, op: other.op }));
      // Connected, the tablet knows as much as the server; alone it does not, and somebody has brought the pieces.
      else if (online && ["waiting", "blocked"].includes(job.state)) refuse(t("job.blocked_text"));
      else command("start", ["ready", "paused", "waiting", "blocked"], (one) => start(one, code, phase));
    },
    takeUp: (finished, reason) =>
      recorder.once("again", async () => (await record(takeUp(finished, code, reason))) && play("done")),
    pause(reason) {
      done();
      command("pause", ["running"], (one) => pause(one, code, reasonOf(reason)));
    },
    /** Another reason for a stop: of the timeline, or of a pause that has not left the tablet. */
    restate(stop, reason, splitAt) {
      done();
      recorder.once("restate", async () => {
        const waiting = stop.lasts && !splitAt ? queuedPause(code) : null;
        const body = waiting && { ...waiting.body, reason };
        if (waiting && (await settle(waiting, { body, reason: reasonOf(reason) }, ["queued"]))) play("done");
        else if (stop.state_id && (await record(restate(code, stop, reasonOf(reason), splitAt)))) play("done");
      });
    },
    finish() {
      done();
      recorder.once("finish", async () => {
        const fresh = jobNow(job.id);
        if (!["running", "paused"].includes(fresh?.state) || !(await record(finish(fresh, code)))) return;
        play("done");
        if (Number(fresh.good) > 0) await record(label(fresh, code));
      });
    },
    phase(phase) {
      done();
      command("phase", ["running"], (one) => changePhase(one, code, phase));
    },
    crew: (action, person) =>
      recorder.once(`crew${person}`, () => record(changeCrew(job, code, action, person)), DOUBLE_MS),
    box() {
      const good = Number(job.box_quantity);
      const run = () => recorder.once("box", () => made(() => report(job, code, { good, scrap: [] })), DOUBLE_MS);
      unlessDoubtful({ good, scrap: 0, rework: 0 }, run, true);
    },
    report() {
      unlessDoubtful(piecesOf(typed.draft), () =>
        recorder.once("report", () => made(() => report(job, code, bodyOf(typed.draft)), typed)),
      );
    },
    /** What was reported earlier is taken back, and what it should have said takes its place and its time. */
    correct: (earlier, draft) =>
      recorder.once("correct", async () => {
        done();
        if (!(await takeBack(earlier, t("report.correct_reason")))) return;
        const { good, scrap, rework } = piecesOf(draft);
        const place = { id: earlier.job, number: earlier.number, op: earlier.op, item: earlier.item };
        const body = { ...bodyOf(draft), at: earlier.body.at ?? earlier.at };
        if (!(good || scrap || rework) || (await record(report(place, code, body)))) play("done");
      }),
    unassigned: () =>
      recorder.once("unassigned", async () => {
        const { good, scrap } = bodyOf(unassigned.draft);
        const item = unassigned.draft.item || null;
        if (!(await record(reportUnassigned(code, { ...(item ? { item } : {}), good, scrap })))) return;
        play("done");
        unassigned.clear();
        done();
        toast(t("unassigned.kept"));
      }),
    call: (kind) => plain("call", () => call(code, kind)),
    come: () => recorder.once("attendance", async () => (await record(come(code))) && play("done"), DOUBLE_MS),
    go: () => recorder.once("attendance", async () => (await record(go(code))) && play("done"), DOUBLE_MS),
    handOver: (note) => plain("handover", () => handOver(code, note)),
    readNote: (note) => recorder.once(`read${note.id}`, () => record(readNote(code, note)), DOUBLE_MS),
  };
}
