// What the operator should know or be asked, above the queue: by importance, so many as there is room for, the rest
// counted.
import { html, useState } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { isAwaited, attendanceState } from "/js/floor/attendance.js";
import { commands } from "/js/floor/queue.js";
import { clock, since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { openLabel } from "/js/lib/labels.js";
import { PHONE, useMedia } from "/js/lib/media.js";
import { me, roles } from "/js/lib/session.js";
import { callDisplay } from "/js/lib/display.js";
import { Sheet } from "/js/components/sheet.js";

/** The order in which news are shown: what stands still, quality, what must be read, and the rest. */
const RANKS = ["stop", "quality", "instruction", "rest"];
const LABEL_OFFERED_MS = 30 * 60000;
const LOW = "(max-height: 700px)";
const UPRIGHT = "(max-width: 1000px) and (orientation: portrait)";

/** News by importance; those of one rank stay as they are. */
export const ranked = (news) =>
  news
    .filter(Boolean)
    .map((one, place) => ({ one, place }))
    .sort((a, b) => RANKS.indexOf(a.one.rank) - RANKS.indexOf(b.one.rank) || a.place - b.place)
    .map(({ one }) => one);

const callNews = (call, onCall) => ({
  key: `call-${call.kind}`,
  testid: `call-${call.kind}`,
  state: call.state,
  rank: "stop",
  tone: call.state === "acknowledged" ? "new" : "failed",
  icon: callDisplay(call.kind).icon,
  title: `${t("andon.call")}: ${callDisplay(call.kind).label}`,
  text: `${t(`andon.state.${call.state}`)} ${since(call.at, now.value)}`,
  end: "next",
  run: onCall,
});

/** The label of a finished job that no printer took: one touch prints it from this tablet. */
function labelNews(machine, opened, setOpened) {
  const last = commands.value.findLast(
    (command) => command.kind === "label" && command.machine === machine && command.answer?.print,
  );
  if (!last || last.answer.print === "sent" || last.id === opened) return null;
  if (now.value - new Date(last.settled) > LABEL_OFFERED_MS) return null;
  const failed = last.answer.why;
  return {
    key: "label",
    testid: "label-open",
    rank: "rest",
    tone: failed ? "failed" : "new",
    icon: "print",
    title: t("label.of", { item: last.item }),
    text: failed ?? t("label.on_page"),
    end: "next",
    run: () => {
      setOpened(last.id);
      openLabel(last.answer);
    },
  };
}

/** Who begins a shift is asked once, beside the work: nothing waits for the answer. */
const comeNews = (attendance, onCome) =>
  isAwaited(attendance.presence, now.value) && {
    key: "come",
    testid: "come",
    rank: "rest",
    tone: "new",
    icon: "clock",
    title: `${t("attendance.come")} ${clock(now.value)}`,
    text: t("attendance.ask", { name: local(me.value?.name) }),
    end: "check",
    run: onCome,
  };

/** Who works at a running job without being among its crew can join it: their time counts for it then. */
function joinNews(attendance, job, machine, onJoin) {
  const gone = attendanceState(attendance.presence, now.value) === "out" && !isAwaited(attendance.presence, now.value);
  const here = ["running", "paused"].includes(job?.state) && job.machine === machine;
  if (!here || gone || !roles.value.has("operator") || job.crew?.some((one) => one.person === me.value?.person))
    return null;
  return {
    key: "join",
    testid: "crew-join",
    rank: "rest",
    tone: "new",
    icon: "people",
    title: t("crew.join_me"),
    text: t("crew.join_text", { number: job.number }),
    end: "plus",
    run: onJoin,
  };
}

/** A machine that stands without a reason: somebody knows it now, and nobody tomorrow. */
const stopNews = (job, machine, onReason) =>
  job?.state === "paused" &&
  job.machine === machine.code &&
  machine.state === "stopped" &&
  !machine.reason && {
    key: "reason",
    testid: "reason-missing",
    rank: "stop",
    tone: "failed",
    icon: "pause",
    title: t("stops.no_reason"),
    text: t("stops.say_why", { time: since(machine.since, now.value) }),
    end: "next",
    run: onReason,
  };

/** The first piece is looked at before the run goes on. */
const firstPieceNews = (job, onPhase) =>
  job?.state === "running" &&
  job.phase === "first_off" && {
    key: "first",
    testid: "first-piece",
    rank: "quality",
    tone: "new",
    icon: "shield",
    title: t("phase.first_off"),
    text: t("news.first_text"),
    end: "play",
    run: onPhase,
  };

function instructionNews(instruction, onOpen) {
  if (!instruction) return null;
  const unread = !instruction.confirmed_at;
  return {
    key: "instruction",
    testid: "instruction-open",
    state: unread ? "new" : "confirmed",
    rank: unread ? "instruction" : "rest",
    tone: unread ? "new" : "",
    icon: "book",
    title: unread ? t("instructions.read_me") : t("instructions.one"),
    text: `${local(instruction.title)} · ${t("instructions.revision_n", { n: instruction.revision })}`,
    end: "next",
    run: onOpen,
  };
}

const handoverNews = (unread, onOpen) =>
  unread > 0 && {
    key: "handover",
    testid: "handover-open",
    rank: "instruction",
    tone: "new",
    icon: "chat",
    title: t("handover.unread"),
    text: t("handover.unread_n", { n: unread }),
    end: "next",
    run: onOpen,
  };

/** All news of a station, by importance. */
export function useNews({ machine, job, calls, attendance, instruction, unread, on }) {
  const [opened, setOpened] = useState(null);
  return ranked([
    ...calls.map((call) => callNews(call, on.call)),
    stopNews(job, machine, on.reason),
    firstPieceNews(job, on.production),
    instructionNews(instruction, on.instruction),
    handoverNews(unread, on.handover),
    comeNews(attendance, on.come),
    joinNews(attendance, job, machine.code, on.join),
    labelNews(machine.code, opened, setOpened),
  ]);
}

function Entry({ one, onDone }) {
  return html`<button
    type="button"
    class="news card ${one.tone}"
    data-testid=${one.testid}
    data-state=${one.state}
    onClick=${() => {
      onDone?.();
      one.run();
    }}
  >
    ${icon(one.icon)}
    <span class="grow">
      <b>${one.title}</b>
      <span class="ellipsis">${one.text}</span>
    </span>
    ${icon(one.end)}
  </button>`;
}

/** As many as there is room for beside the queue. */
function useRoom() {
  const upright = useMedia(UPRIGHT);
  const phone = useMedia(PHONE);
  const low = useMedia(LOW);
  return (low && !upright) || phone ? 1 : 2;
}

export function News({ news }) {
  const [open, setOpen] = useState(false);
  const room = useRoom();
  if (!news.length) return null;
  const shown = news.slice(0, room);
  const rest = news.slice(room);
  const close = () => setOpen(false);
  return html`<div class="station-news" data-shown=${shown.length}>
    ${shown.map((one) => html`<${Entry} key=${one.key} one=${one} />`)}
    ${
      rest.length > 0 &&
      html`<button
        type="button"
        class="news-rest card"
        data-testid="news-open"
        data-count=${rest.length}
        aria-label=${t("news.more", { n: rest.length })}
        onClick=${() => setOpen(true)}
      >
        +${rest.length}
      </button>`
    }
    <${Sheet} open=${open} onClose=${close} title=${t("news.title")} class="narrow" data-testid="news-sheet">
      <div class="news-all">${news.map((one) => html`<${Entry} key=${one.key} one=${one} onDone=${close} />`)}</div>
    <//>
  </div>`;
}
