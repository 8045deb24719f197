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
import { asTyped, quantityText } from "/js/lib/units.js";
import { play } from "/js/lib/sound.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { toast } from "/js/components/toast.js";
import { AndonSheet } from "/pages/floor/station/andon.js";
import { PersonSheet, useAttendance } from "/pages/floor/station/attendance.js";
import { CameraSheet } from "/pages/floor/station/camera.js";
import { CrewSheet } from "/pages/floor/station/crew.js";
import { actionsOf, queuedPause } from "/pages/floor/station/actions.js";
import { FinishedSheet } from "/pages/floor/station/finished.js";
import { HandoverSheet } from "/pages/floor/station/handover.js";
import { StationHeader } from "/pages/floor/station/header.js";
import { InstructionSheet, useInstruction } from "/pages/floor/station/instruction.js";
import { JobCard } from "/pages/floor/station/job.js";
import { LogSheet, useLog } from "/pages/floor/station/log.js";
import { contrast, hand } from "/pages/floor/station/display.js";
import { MaterialSheet, useMaterial } from "/pages/floor/station/material.js";
import { MoreSheet } from "/pages/floor/station/more.js";
import { News, useNews } from "/pages/floor/station/news.js";
import { useNotes } from "/pages/floor/station/notes.js";
import { Question } from "/pages/floor/station/question.js";
import { Queue, SideActions } from "/pages/floor/station/queue.js";
import { useDraftReport } from "/pages/floor/station/report.js";
import { Reports, itemsOf, useCorrection } from "/pages/floor/station/reports.js";
import { meaningOf } from "/pages/floor/station/scan.js";
import { FinishSheet, LanguageSheet, PauseSheet } from "/pages/floor/station/sheets.js";
import { useShownJob } from "/pages/floor/station/shown-job.js";
import { ShiftStrip } from "/pages/floor/station/shift.js";
import { StopsSheet, useStops } from "/pages/floor/station/stops.js";
import { useRecorder } from "/pages/floor/station/recorder.js";

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
  const [sheet, setSheet] = useState(null);
  const [first, setFirst] = useState("good");
  const [question, setQuestion] = useState(null);
  const [picked, setPicked] = useState(null);

  const close = () => setSheet(null);
  const machine = station?.machine;
  const { jobs, current, job, choose } = useShownJob(station, sheet);
  const online = isOnline.value;
  const work = useInstruction(job, code);
  const recorder = useRecorder();
  const material = useMaterial(job, code, online, recorder);
  const attendance = useAttendance(online);
  const items = upcomingItems(job ? [job, ...jobs] : jobs);
  const read = useResource(() => readPictures(items), [items.toSorted().join(), online]);
  const pictures = read.data ?? {};
  const typed = useDraftReport(code, job?.id);
  const unassigned = useDraftReport(`${code}.unassigned`, null);
  const correction = useCorrection(jobs);
  const reasons = catalogue.data?.reasons ?? [];
  const stops = useStops(code, reasons, sheet === "stops");
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
      choose(meant.job.id);
      close();
      play("done");
    } else if (meant.traveller || !job) {
      play("stop");
      toast(meant.traveller ? t("scan.elsewhere", { number: meant.traveller }) : t("scan.no_job"), {
        tone: "stop",
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
    reasons,
    recorder,
    typed,
    unassigned,
    done: close,
    ask: setQuestion,
  });
  const openReport = (side, digits) => {
    catalogue.load();
    setFirst(side);
    if (digits)
      typed.setDraft({
        ...typed.draft,
        good: asTyped(quantityText(digits, job?.decimals ?? 0), job?.decimals ?? 0) ?? "",
      });
    setSheet("report");
  };
  const openPause = () => {
    catalogue.load();
    stops.load();
    setSheet("pause");
  };
  const openReason = () => {
    catalogue.load();
    stops.load();
    setPicked(queuedPause(code) ? null : "present");
    setSheet(queuedPause(code) ? "repause" : "stops");
  };
  const openStops = () => {
    catalogue.load();
    stops.load();
    setPicked(null);
    setSheet("stops");
  };
  const openMaterial = () => {
    material.forget();
    material.load();
    setSheet("material");
  };
  const camera = hasCamera() ? () => setSheet("camera") : null;
  const sheetOf = (name) => ({ open: sheet === name, onClose: close });
  const open = (name) => () => setSheet(name);
  const openFrom = (name) => {
    setFirst("good");
    if (name === "stops") openStops();
    else setSheet(name);
  };
  return html`<div class="operator station" data-hand=${hand.value} data-contrast=${contrast.value}>
    <${StationHeader}
      machine=${machine}
      onLog=${open("log")}
      onPerson=${open("person")}
      onLanguage=${open("language")}
      onMore=${open("more")}
    />
    <main class="station-body">
      ${
        job
          ? html`<${JobCard}
              job=${job}
              current=${current}
              machine=${machine}
              picture=${pictures[job.item]}
              recorder=${recorder}
              onStart=${actions.start}
              onPhase=${actions.phase}
              onReason=${openReason}
              onCurrent=${() => choose(null)}
              reporting=${["report", "unassigned", "correct"].includes(sheet)}
              onNumber=${(digits) => openReport("good", digits)}
              onScrap=${() => openReport("scrap")}
              onBox=${actions.box}
            >
              <${ShiftStrip} machine=${machine} />
            <//>`
          : html`<section class="card job">
              <div class="job-said"><${NoJob} jobs=${jobs} /><${ShiftStrip} machine=${machine} /></div>
            </section>`
      }
      <aside class="station-side">
        <${StationNews}
          ...${{ machine, job, notes, attendance, instruction: work.instruction }}
          on=${{
            call: open("andon"),
            reason: openReason,
            production: () => actions.phase("production"),
            instruction: open("instruction"),
            handover: open("handover"),
            come: actions.come,
            join: () => actions.crew("join", me.value.person),
          }}
        />
        <${Queue}
          pictures=${pictures}
          jobs=${jobs.filter((one) => one.id !== job?.id)}
          selected=${job}
          current=${current}
          onSelect=${(one) => choose(one.id)}
          onCamera=${camera}
        />
        <${SideActions}
          job=${job}
          calling=${notes.calls.length > 0}
          onPause=${openPause}
          onMaterial=${openMaterial}
          onCall=${open("andon")}
          onFinish=${open("finish")}
          finishing=${sheet === "finish"}
        />
      </aside>
    </div>
    <${PauseSheet} ...${sheetOf("pause")} catalogue=${catalogue} uses=${stops.uses} onPick=${actions.pause} />
    <${PauseSheet}
      ...${sheetOf("repause")}
      catalogue=${catalogue}
      uses=${stops.uses}
      onPick=${(reason) => actions.restate({ lasts: true }, reason, null)}
    />
    <${StopsSheet}
      ...${sheetOf("stops")}
      machine=${machine}
      stops=${stops}
      reasons=${reasons}
      picked=${picked === "present" ? (stops.stops.find((one) => one.lasts && one.can_correct) ?? null) : picked}
      onPick=${setPicked}
      onRestate=${actions.restate}
    />
    <${FinishSheet}
      ...${sheetOf("finish")}
      job=${job}
      picture=${pictures[job?.item]}
      material=${material}
      onMaterial=${openMaterial}
      onFinish=${actions.finish}
    />
    <${Reports}
      ...${{ sheet, close, job, catalogue, typed, unassigned, first, actions, correction }}
      items=${itemsOf(jobs)}
    />
    <${InstructionSheet} ...${sheetOf("instruction")} ...${work} />
    <${MaterialSheet} ...${sheetOf("material")} material=${material} recorder=${recorder} onCamera=${camera} />
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
      left=${notes}
      people=${people.data ?? []}
      onRead=${actions.readNote}
      onWrite=${actions.handOver}
    />
    <${FinishedSheet} ...${sheetOf("finished")} machine=${code} onTakeUp=${actions.takeUp} />
    <${MoreSheet} ...${sheetOf("more")} job=${job} onPhase=${actions.phase} onOpen=${openFrom} onCamera=${camera} />
    <${LogSheet}
      ...${sheetOf("log")}
      machine=${code}
      shift=${machine.shift}
      people=${people.data ?? []}
      onCorrect=${(command) => {
        correction.begin(command);
        setSheet("correct");
      }}
    />
    <${LanguageSheet} ...${sheetOf("language")} />
    <${PersonSheet}
      ...${sheetOf("person")}
      attendance=${attendance}
      onCome=${actions.come}
      onGo=${actions.go}
      onLeave=${signOut}
    />
    <${Question} question=${question} onClose=${() => setQuestion(null)} />
  </div>`;
}

/** What is told of beside the queue. */
function StationNews({ notes, ...about }) {
  const news = useNews({ ...about, calls: notes.calls, unread: unreadOf(notes.notes).length });
  return html`<${News} news=${news} />`;
}
