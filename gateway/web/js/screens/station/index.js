// /station/<machine code>: the operator's screen. The controller: what is read, what is touched, which sheet is open.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { finish, pause, report as reportOf, start } from "/js/lib/floor/commands.js";
import { fetchAhead } from "/js/lib/floor/instructions.js";
import { readOrKept } from "/js/lib/floor/keep.js";
import { useStation } from "/js/lib/floor/station.js";
import { local, t } from "/js/lib/i18n.js";
import { connection, useLive } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { me, signOut } from "/js/lib/session.js";
import { useStyle } from "/js/lib/style.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";
import { StationHeader } from "/js/screens/station/header.js";
import { InstructionButton, InstructionSheet, useInstruction } from "/js/screens/station/instruction.js";
import { JobCard } from "/js/screens/station/job.js";
import { useLog, LogSheet } from "/js/screens/station/log.js";
import { Queue, SideActions } from "/js/screens/station/queue.js";
import { bodyOf, useDraftReport } from "/js/screens/station/report.js";
import { ReportSheet } from "/js/screens/station/report-sheet.js";
import { FinishSheet, LanguageSheet, PauseSheet, PersonSheet } from "/js/screens/station/sheets.js";
import { ShiftStrip } from "/js/screens/station/shift.js";
import { DOUBLE_MS, record, useTouches } from "/js/screens/station/touches.js";

const OPEN_STATES = new Set(["running", "paused", "ready", "waiting", "blocked"]);

const readCatalogue = () => readOrKept("catalogue", async () => {
  const [defects, reasons] = await Promise.all([get("/quality/defects"), get("/production/reasons")]);
  return { defects: defects.items.filter((defect) => defect.active), reasons: reasons.items };
});

/** False for what other machines report on orders that never come here: a busy shop must not make every tablet read. */
const concerns = (event, machine, jobs) => !event?.machine || event.machine === machine || !jobs || jobs.some((job) => job.number === event.number);

function NoJob({ jobs }) {
  return html`<${Empty} icon="machine" title=${t("station.no_job")} text=${jobs.length ? t("station.pick_job") : t("station.no_jobs_text")} />`;
}

export default function Station({ params }) {
  const code = params.machine;
  const styled = useStyle("station");
  const { station, error, load, jobNow } = useStation(code);
  const catalogue = useResource(readCatalogue);
  useLive(["machines", "work_orders"], load, (_, { data }) => concerns(data, code, station?.jobs));
  useEveryMinute(load);
  const [chosen, setChosen] = useState(null);
  const [sheet, setSheet] = useState(null);
  const [pane, setPane] = useState("good");

  const close = () => setSheet(null);
  const machine = station?.machine;
  const jobs = (station?.jobs ?? []).filter((one) => OPEN_STATES.has(one.state));
  const current = jobs.find((one) => one.id === machine.job?.id) ?? jobs.find((one) => one.state === "running" && one.machine === machine.code) ?? null;
  const job = jobs.find((one) => one.id === chosen) ?? current ?? jobs.find((one) => one.state === "paused") ?? jobs.find((one) => one.state === "ready") ?? null;
  const work = useInstruction(job, code);
  const typed = useDraftReport(code, job?.id);
  const touches = useTouches();
  useLog(code);
  const online = connection.value === "online";
  const ahead = jobs.filter((one) => one.instruction).map((one) => `${one.id}${one.instruction_revision}`).join();
  useEffect(() => {
    if (online && ahead) fetchAhead(jobs, me.value?.person).catch(() => {}); // at the next chance
  }, [online, ahead]);

  if (error && !station) {
    return html`<div class="operator">${error.status === 404
      ? html`<${Empty} icon="machine" title=${t("station.unknown", { code })}><${Button} kind="primary" href="/station">${t("station.choose")}<//><//>`
      : html`<${Problem} error=${error} retry=${load} />`}</div>`;
  }
  if (!station || !styled) return html`<div class="operator card-body"><${Skeleton} rows="4" height="120" /></div>`;

  // What was drawn may be a touch old: the job as it is now decides.
  const command = (name, states, make) => touches.once(name, async () => {
    const fresh = jobNow(job.id);
    if (states.includes(fresh?.state)) await record(make(fresh));
  });
  const begin = () => {
    const other = jobs.find((one) => one.state === "running" && one.machine === code && one.id !== job.id);
    if (other) toast(t("station.busy", { machine: code, number: other.number, op: other.op }), { tone: "stop", ms: 7000 });
    // Connected, the tablet knows as much as the server; alone it does not, and somebody has brought the pieces.
    else if (online && ["waiting", "blocked"].includes(job.state)) toast(t("job.blocked_text"), { tone: "stop", ms: 7000 });
    else command("start", ["ready", "paused", "waiting", "blocked"], (one) => start(one, code));
  };
  const stop = (reason) => {
    close();
    command("pause", ["running"], (one) => pause(one, code, catalogue.data?.reasons.find((entry) => entry.code === reason)));
  };
  const end = () => {
    close();
    command("finish", ["running", "paused"], (one) => finish(one, code));
  };
  const openReport = (side, digits) => {
    catalogue.load();
    setPane(side);
    if (digits) typed.setDraft({ ...typed.draft, good: digits.replace(/\D/g, "").slice(0, 6) });
    setSheet("report");
  };
  const submit = () => touches.once("report", async () => {
    if (!(await touches.report(reportOf(job, code, bodyOf(typed.draft))))) return;
    typed.clear();
    close();
  });
  const box = () => touches.once("box", () => touches.report(reportOf(job, code, { good: Number(job.box_quantity), scrap: [] })), DOUBLE_MS);
  return html`<div class="operator station">
    <${StationHeader} machine=${machine} onLog=${() => setSheet("log")} onPerson=${() => setSheet("person")} onLanguage=${() => setSheet("language")} />
    <div class="station-body">
      ${job ? html`<${JobCard} job=${job} machine=${machine} touches=${touches} onStart=${begin} reporting=${sheet === "report"} onNumber=${(digits) => openReport("good", digits)} onScrap=${() => openReport("scrap")} onBox=${box}><${ShiftStrip} machine=${machine} /><//>`
        : html`<section class="card job"><div class="job-middle"><${NoJob} jobs=${jobs} /></div><${ShiftStrip} machine=${machine} /></section>`}
      <aside class="station-side">
        <${InstructionButton} instruction=${work.instruction} onOpen=${() => setSheet("instruction")} />
        <${Queue} jobs=${jobs.filter((one) => one.id !== job?.id)} selected=${job} current=${current} onSelect=${(one) => setChosen(one.id)} />
        <${SideActions} job=${job} onPause=${() => (catalogue.load(), setSheet("pause"))} onFinish=${() => setSheet("finish")} finishing=${sheet === "finish"} />
      </aside>
    </div>
    <${PauseSheet} open=${sheet === "pause"} onClose=${close} reasons=${catalogue.data?.reasons || []} onPick=${stop} />
    <${FinishSheet} open=${sheet === "finish"} onClose=${close} job=${job} onFinish=${end} />
    <${ReportSheet} open=${sheet === "report"} onClose=${close} job=${job} defects=${catalogue.data?.defects || []} typed=${typed} pane=${pane} onPane=${setPane} onSubmit=${submit} />
    <${InstructionSheet} open=${sheet === "instruction"} onClose=${close} ...${work} />
    <${LogSheet} open=${sheet === "log"} onClose=${close} machine=${code} />
    <${LanguageSheet} open=${sheet === "language"} onClose=${close} />
    <${PersonSheet} open=${sheet === "person"} onClose=${close} name=${local(me.value?.name)} onLeave=${signOut} />
  </div>`;
}
