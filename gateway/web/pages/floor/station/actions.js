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
  start,
  takeUp,
} from "/js/floor/commands.js";
import { t } from "/js/lib/i18n.js";
import { play } from "/js/lib/sound.js";
import { toast } from "/js/components/toast.js";
import { bodyOf } from "/pages/floor/station/report.js";
import { DOUBLE_MS, record } from "/pages/floor/station/recorder.js";

const refuse = (text) => {
  play("stop");
  toast(text, { tone: "stop", ms: 7000 });
};

/** The actions of one drawing of the screen. `jobNow(id)` is newer than what was drawn; `done` closes the sheet. */
export function actionsOf({ code, job, jobs, jobNow, online, reasons, recorder, typed, unassigned, done }) {
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
  return {
    start() {
      const other = jobs.find((one) => one.state === "running" && one.machine === code && one.id !== job.id);
      if (other) refuse(t("station.busy", { machine: code, number: other.number, op: other.op }));
      // Connected, the tablet knows as much as the server; alone it does not, and somebody has brought the pieces.
      else if (online && ["waiting", "blocked"].includes(job.state)) refuse(t("job.blocked_text"));
      else command("start", ["ready", "paused", "waiting", "blocked"], (one) => start(one, code));
    },
    takeUp: (finished, reason) =>
      recorder.once("again", async () => (await record(takeUp(finished, code, reason))) && play("done")),
    pause(reason) {
      done();
      command("pause", ["running"], (one) =>
        pause(
          one,
          code,
          reasons.find((entry) => entry.code === reason),
        ),
      );
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
    box: () =>
      recorder.once(
        "box",
        () => made(() => report(job, code, { good: Number(job.box_quantity), scrap: [] })),
        DOUBLE_MS,
      ),
    report: () => recorder.once("report", () => made(() => report(job, code, bodyOf(typed.draft)), typed)),
    unassigned: () =>
      recorder.once("unassigned", async () => {
        const { good, scrap } = bodyOf(unassigned.draft);
        if (!(await record(reportUnassigned(code, { good, scrap })))) return;
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
