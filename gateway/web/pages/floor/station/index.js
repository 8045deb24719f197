// /station/<machine code>: the operator's screen. The controller: what is read, which sheet is open; what a touch does
// is in actions.js.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { hasCamera } from "/js/lib/camera.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { prefetch, upcomingItems, readPictures } from "/js/floor/prefetch.js";
import { cachedValue, readOrCached } from "/js/floor/cache.js";
import { isOnline } from "/js/floor/connectivity.js";
import { useStation } from "/js/floor/station.js";
import { unreadOf } from "/js/lib/handover.js";
import { t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { useScanner } from "/js/lib/scanner.js";
import { me, signOut } from "/js/lib/session.js";
import { touchedText } from "/js/lib/units.js";
import { play } from "/js/lib/sound.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";
import { AndonSheet, Calls } from "/pages/floor/station/andon.js";
import { ComeButton, JoinButton, PersonSheet, useAttendance } from "/pages/floor/station/attendance.js";
import { CameraSheet } from "/pages/floor/station/camera.js";
import { CrewSheet } from "/pages/floor/station/crew.js";
import { actionsOf } from "/pages/floor/station/actions.js";
import { FinishedSheet } from "/pages/floor/station/finished.js";
import { HandoverSheet } from "/pages/floor/station/handover.js";
import { StationHeader } from "/pages/floor/station/header.js";
import { InstructionButton, InstructionSheet, useInstruction } from "/pages/floor/station/instruction.js";
import { JobCard } from "/pages/floor/station/job.js";
import { LabelButton } from "/pages/floor/station/label.js";
import { useLog, LogSheet } from "/pages/floor/station/log.js";
import { contrast, hand } from "/pages/floor/station/display.js";
import { MaterialSheet, useMaterial } from "/pages/floor/station/material.js";
import { MoreSheet } from "/pages/floor/station/more.js";
import { useNotes } from "/pages/floor/station/notes.js";
import { HandoverButton, Queue, SideActions } from "/pages/floor/station/queue.js";
import { useDraftReport } from "/pages/floor/station/report.js";
import { ReportSheet } from "/pages/floor/station/report-sheet.js";
import { meaningOf } from "/pages/floor/station/scan.js";
import { FinishSheet, LanguageSheet, PauseSheet } from "/pages/floor/station/sheets.js";
import { ShiftStrip } from "/pages/floor/station/shift.js";
import { useRecorder } from "/pages/floor/station/recorder.js";

const OPEN_STATES = new Set(["running", "paused", "ready", "waiting", "blocked"]);
const NO_JOB = { id: null, item: "", item_name: "", box_quantity: null };
/** Pieces of nobody knows what: with decimals where this machine's jobs have them, or where it has none. */
const unknownJob = (jobs) => ({
  ...NO_JOB,
  decimals: jobs.length ? Math.max(...jobs.map((job) => job.decimals ?? 0)) : 6,
});

const readCatalogue = () =>
  readOrCached("catalogue", async () => {
    const [defects, reasons] = await Promise.all([get("/quality/defects"), get("/production/reasons")]);
    return { defects: defects.items.filter((defect) => defect.active), reasons: reasons.items };
  });
const readPeople = async () => (await cachedValue("device"))?.people ?? []; // as the sign-in page was told

/** False for what other machines report on orders that never come here: a busy shop must not make every tablet read. */
const concerns = (event, machine, jobs) =>
  !event?.machine || event.machine === machine || !jobs || jobs.some((job) => job.number === event.number);

function NoJob({ jobs }) {
  return html`<${Empty}
    icon="machine"
    title=${t("station.no_job")}
    text=${jobs.length ? t("station.pick_job") : t("station.no_jobs_text")}
  />`;
}

export default function Station({ params }) {
  const code = params.machine;
  const { station, error, load, jobNow } = useStation(code);
  const catalogue = useResource(readCatalogue);
  const people = useResource(readPeople);
  const notes = useNotes(code);
  useLive(["machines", "work_orders", "andon"], load, (topic, { data }) => {
    if (topic === "andon" && data?.machine === code) notes.load();
    return topic !== "andon" && concerns(data, code, station?.jobs);
  });
  useEveryMinute(load);
  const [chosen, setChosen] = useState(null);
  const [sheet, setSheet] = useState(null);
  const [pane, setPane] = useState("good");

  const close = () => setSheet(null);
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
  const online = isOnline.value;
  const work = useInstruction(job, code);
  const material = useMaterial(job, code, online);
  const attendance = useAttendance(online);
  const items = upcomingItems(job ? [job, ...jobs] : jobs);
  const read = useResource(() => readPictures(items), [items.toSorted().join(), online]);
  const pictures = read.data ?? {};
  const typed = useDraftReport(code, job?.id);
  const unassigned = useDraftReport(`${code}.unassigned`, null);
  const recorder = useRecorder();
  useLog(code);
  const ahead = JSON.stringify([
    jobs.filter((one) => one.instruction).map((one) => [one.id, one.instruction_revision]),
    pictures,
    catalogue.data?.defects.map((one) => one.picture_id),
  ]);
  useEffect(() => {
    if (online && station && read.data && catalogue.data)
      prefetch(jobs, pictures, catalogue.data.defects, me.value?.person).catch(() => {}); // at the next chance
  }, [online, Boolean(station), ahead]);
  useEffect(() => {
    if (station) notes.load();
  }, [online, Boolean(station)]);

  const scanned = (text) => {
    const meant = meaningOf(text, jobs);
    if (meant.job) {
      setChosen(meant.job.id);
      close();
      play("done");
    } else if (meant.traveller || !job) {
      play("stop");
      toast(meant.traveller ? t("scan.elsewhere", { number: meant.traveller }) : t("scan.no_job"), {
        tone: "stop",
        ms: 7000,
      });
    } else {
      setSheet("material");
      material.scan(meant.lot);
    }
  };
  useScanner(scanned);

  if (error && !station) {
    return html`<div class="operator">
      ${
        error.status === 404
          ? html`<${Empty} icon="machine" title=${t("station.unknown", { code })}>
              <${Button} kind="primary" href="/station">${t("station.choose")}<//>
            <//>`
          : html`<${Problem} error=${error} retry=${load} />`
      }
    </div>`;
  }
  if (!station) return html`<div class="operator card-body"><${Skeleton} rows="4" height="120" /></div>`;

  const actions = actionsOf({
    code,
    job,
    jobs,
    jobNow,
    online,
    reasons: catalogue.data?.reasons ?? [],
    recorder,
    typed,
    unassigned,
    done: close,
  });
  const openReport = (side, digits) => {
    catalogue.load();
    setPane(side);
    if (digits) typed.setDraft({ ...typed.draft, good: touchedText(digits, job?.decimals ?? 0) });
    setSheet("report");
  };
  const openMaterial = () => {
    material.forget();
    material.load();
    setSheet("material");
  };
  const camera = hasCamera() ? () => setSheet("camera") : null;
  const defects = catalogue.data?.defects ?? [];
  const sheetOf = (name) => ({ open: sheet === name, onClose: close });
  return html`<div class="operator station" data-hand=${hand.value} data-contrast=${contrast.value}>
    <${StationHeader}
      machine=${machine}
      onLog=${() => setSheet("log")}
      onPerson=${() => setSheet("person")}
      onLanguage=${() => setSheet("language")}
      onMore=${() => setSheet("more")}
    />
    <main class="station-body">
      ${
        job
          ? html`<${JobCard}
              job=${job}
              machine=${machine}
              picture=${pictures[job.item]}
              recorder=${recorder}
              onStart=${actions.start}
              reporting=${sheet === "report" || sheet === "unassigned"}
              onNumber=${(digits) => openReport("good", digits)}
              onScrap=${() => openReport("scrap")}
              onBox=${actions.box}
            >
              <${ShiftStrip} machine=${machine} />
            <//>`
          : html`<section class="card job">
              <div class="job-middle"><${NoJob} jobs=${jobs} /></div>
              <${ShiftStrip} machine=${machine} />
            </section>`
      }
      <aside class="station-side">
        <div class="station-news">
          <${ComeButton} attendance=${attendance} onCome=${actions.come} />
          <${JoinButton}
            attendance=${attendance}
            job=${job}
            machine=${code}
            onJoin=${() => actions.crew("join", me.value.person)}
          />
          <${LabelButton} machine=${code} />
          <${InstructionButton} instruction=${work.instruction} onOpen=${() => setSheet("instruction")} />
          <${HandoverButton} unread=${unreadOf(notes.notes).length} onOpen=${() => setSheet("handover")} />
          <${Calls} calls=${notes.calls} />
        </div>
        <${Queue}
          pictures=${pictures}
          jobs=${jobs.filter((one) => one.id !== job?.id)}
          selected=${job}
          current=${current}
          onSelect=${(one) => setChosen(one.id)}
          onCamera=${camera}
        />
        <${SideActions}
          job=${job}
          calling=${notes.calls.length > 0}
          onPause=${() => {
            catalogue.load();
            setSheet("pause");
          }}
          onMaterial=${openMaterial}
          onCall=${() => setSheet("andon")}
          onFinish=${() => setSheet("finish")}
          finishing=${sheet === "finish"}
        />
      </aside>
    </main>
    <${PauseSheet} ...${sheetOf("pause")} reasons=${catalogue.data?.reasons ?? []} onPick=${actions.pause} />
    <${FinishSheet} ...${sheetOf("finish")} job=${job} picture=${pictures[job?.item]} onFinish=${actions.finish} />
    <${ReportSheet}
      ...${sheetOf("report")}
      job=${job}
      defects=${defects}
      typed=${typed}
      pane=${pane}
      onPane=${setPane}
      onSubmit=${actions.report}
    />
    <${ReportSheet}
      ...${sheetOf("unassigned")}
      job=${unknownJob(jobs)}
      defects=${defects}
      typed=${unassigned}
      pane=${pane}
      onPane=${setPane}
      onSubmit=${actions.unassigned}
    />
    <${InstructionSheet} ...${sheetOf("instruction")} ...${work} />
    <${MaterialSheet} ...${sheetOf("material")} material=${material} onCamera=${camera} />
    <${CameraSheet}
      ...${sheetOf("camera")}
      onCode=${(text) => {
        close();
        scanned(text);
      }}
    />
    <${AndonSheet} ...${sheetOf("andon")} calls=${notes.calls} onCall=${actions.call} />
    <${CrewSheet} ...${sheetOf("crew")} job=${job} people=${people.data ?? []} onChange=${actions.crew} />
    <${HandoverSheet}
      ...${sheetOf("handover")}
      notes=${notes.notes}
      onRead=${actions.readNote}
      onWrite=${actions.handOver}
    />
    <${FinishedSheet} ...${sheetOf("finished")} machine=${code} onTakeUp=${actions.takeUp} />
    <${MoreSheet}
      ...${sheetOf("more")}
      job=${job}
      onPhase=${actions.phase}
      onOpen=${(name) => {
        setPane("good");
        setSheet(name);
      }}
    />
    <${LogSheet} ...${sheetOf("log")} machine=${code} />
    <${LanguageSheet} ...${sheetOf("language")} />
    <${PersonSheet}
      ...${sheetOf("person")}
      attendance=${attendance}
      onCome=${actions.come}
      onGo=${actions.go}
      onLeave=${signOut}
    />
  </div>`;
}
