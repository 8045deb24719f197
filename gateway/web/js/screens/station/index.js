// /station/<machine code>: the operator's screen. The controller: what is read, what is touched, which sheet is open.
import { html, useState } from "/js/lib/html.js";
import { useAction } from "/js/lib/action.js";
import { all, get, post } from "/js/lib/api.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { local, t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { readMachine } from "/js/lib/machines.js";
import { useResource } from "/js/lib/resource.js";
import { me, signOut } from "/js/lib/session.js";
import { useStyle } from "/js/lib/style.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { toastProblem } from "/js/components/toast.js";
import { StationHeader } from "/js/screens/station/header.js";
import { InstructionButton, InstructionSheet, useInstruction } from "/js/screens/station/instruction.js";
import { JobCard } from "/js/screens/station/job.js";
import { Queue, SideActions } from "/js/screens/station/queue.js";
import { bodyOf, useReport } from "/js/screens/station/report.js";
import { FinishSheet, LanguageSheet, PauseSheet, PersonSheet, ReportSheet } from "/js/screens/station/sheets.js";
import { ShiftStrip } from "/js/screens/station/shift.js";

const OPEN_STATES = "running,paused,ready,waiting,blocked";

/** The machine, and the jobs planned on it or on its work center without a machine yet. */
async function readStation(code) {
  const machine = await readMachine(code);
  const jobs = await all("/production/jobs", { work_center: machine.work_center, state: OPEN_STATES });
  return { machine, jobs: jobs.filter((job) => !job.machine || job.machine === machine.code) };
}

async function readCatalogue() {
  const [defects, reasons] = await Promise.all([get("/quality/defects"), get("/production/reasons")]);
  return { defects: defects.items.filter((defect) => defect.active), reasons: reasons.items };
}

/** False for what other machines report on orders that never come here: a busy shop must not make every tablet read. */
const concerns = (event, machine, jobs) => !event?.machine || event.machine === machine || !jobs || jobs.some((job) => job.number === event.number);

function NoJob({ jobs }) {
  return html`<${Empty} icon="machine" title=${t("station.no_job")} text=${jobs.length ? t("station.pick_job") : t("station.no_jobs_text")} />`;
}

export default function Station({ params }) {
  const styled = useStyle("station");
  const station = useResource(() => readStation(params.machine), [], { auto: false });
  const catalogue = useResource(readCatalogue);
  useLive(["machines", "work_orders"], station.load, (_, { data }) => concerns(data, params.machine, station.data?.jobs));
  useEveryMinute(station.load);
  const [chosen, setChosen] = useState(null);
  const [sheet, setSheet] = useState(null);
  const [pane, setPane] = useState("good");

  const close = () => setSheet(null);
  const merge = (job) => station.set((data) => data && { machine: { ...data.machine, job: data.machine.job?.id === job.id ? job : data.machine.job }, jobs: data.jobs.map((one) => (one.id === job.id ? job : one)) });
  const moved = (job) => {
    merge(job);
    close();
    return station.load();
  };
  const data = station.data;
  const machine = data?.machine;
  const jobs = data?.jobs || [];
  const current = machine?.job || jobs.find((one) => one.state === "running" && one.machine === machine.code) || null;
  const job = jobs.find((one) => one.id === chosen) || current || jobs.find((one) => one.state === "paused") || jobs.find((one) => one.state === "ready") || null;
  const work = useInstruction(job);
  const report = useReport(params.machine, job?.id, {
    undoReason: () => t("report.undo_reason"),
    onAnswer: (job) => {
      if (job) merge(job);
      station.load();
    },
    onProblem: (problem) => sheet !== "report" && toastProblem(problem),
  });
  const act = (what) => useAction((key, one, reason) => post(`/production/jobs/${one.id}/${what(one)}`, { machine: params.machine, reason }, { key }), {
    done: moved,
    failed: (problem) => {
      toastProblem(problem);
      station.load();
    },
  });
  const start = act((one) => (one.state === "paused" ? "resume" : "start"));
  const pause = act(() => "pause");
  const finish = act(() => "finish");

  if (station.error && !data) {
    return html`<div class="operator">${station.error.status === 404
      ? html`<${Empty} icon="machine" title=${t("station.unknown", { code: params.machine })}><${Button} kind="primary" href="/station">${t("station.choose")}<//><//>`
      : html`<${Problem} error=${station.error} retry=${station.load} />`}</div>`;
  }
  if (!data || !styled) return html`<div class="operator card-body"><${Skeleton} rows="4" height="120" /></div>`;

  const openReport = (side, typed) => {
    catalogue.load();
    setPane(side);
    if (typed) report.setDraft({ ...report.draft, good: typed.replace(/\D/g, "").slice(0, 6) });
    setSheet("report");
  };
  const submit = async () => {
    if (await report.send(job.id, bodyOf(report.draft, machine.code), { typed: true })) close();
  };
  return html`<div class="operator station">
    <${StationHeader} machine=${machine} waiting=${report.waiting} onPerson=${() => setSheet("person")} onLanguage=${() => setSheet("language")} />
    <div class="station-body">
      ${job ? html`<${JobCard} job=${job} machine=${machine} report=${report} start=${start} reporting=${sheet === "report"} onNumber=${(typed) => openReport("good", typed)} onScrap=${() => openReport("scrap")}
            onBox=${() => report.send(job.id, { good: Number(job.box_quantity), scrap: [], machine: machine.code })}><${ShiftStrip} machine=${machine} /><//>`
        : html`<section class="card job"><div class="job-middle"><${NoJob} jobs=${jobs} /></div><${ShiftStrip} machine=${machine} /></section>`}
      <aside class="station-side">
        <${InstructionButton} instruction=${work.instruction} onOpen=${() => setSheet("instruction")} />
        <${Queue} jobs=${jobs.filter((one) => one.id !== job?.id)} selected=${job} current=${current} onSelect=${(one) => setChosen(one.id)} />
        <${SideActions} job=${job} onPause=${() => (catalogue.load(), setSheet("pause"))} onFinish=${() => setSheet("finish")} busy=${pause.busy || finish.busy} finishing=${sheet === "finish"} />
      </aside>
    </div>
    <${PauseSheet} open=${sheet === "pause"} onClose=${close} reasons=${catalogue.data?.reasons || []} pause=${pause} onPick=${(reason) => pause.go(job, reason)} />
    <${FinishSheet} open=${sheet === "finish"} onClose=${close} job=${job} finish=${finish} />
    <${ReportSheet} open=${sheet === "report"} onClose=${close} job=${job} defects=${catalogue.data?.defects || []} report=${report} pane=${pane} onPane=${setPane} onSubmit=${submit} />
    <${InstructionSheet} open=${sheet === "instruction"} onClose=${close} ...${work} />
    <${LanguageSheet} open=${sheet === "language"} onClose=${close} />
    <${PersonSheet} open=${sheet === "person"} onClose=${close} name=${local(me.value?.name)} onLeave=${signOut} />
  </div>`;
}
