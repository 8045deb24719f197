// Coming and going, told at the machine: one touch each.
import { html, useEffect } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { isAwaited, presence, readAttendance, attendanceState } from "/js/floor/attendance.js";
import { commands, counts } from "/js/floor/queue.js";
import { clock, moment, since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { me, roles } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Sheet } from "/js/components/sheet.js";

const LOOKS = {
  in: { tone: "run", icon: "check" },
  out: { tone: "idle", icon: "clock" },
  forgotten: { tone: "warn", icon: "warning" },
};

/** {known, presence, load} of whoever is signed in; `known` is false until it was looked up. */
export function useAttendance(online) {
  const person = me.value?.person;
  const { data, error, load } = useResource(() => readAttendance(person), [person, online]);
  const mine = commands.value.filter(counts);
  return { known: Boolean(data || error), presence: presence(data ?? null, mine, person), load };
}

/** Who begins a shift is asked once, beside the work: nothing waits for the answer. */
export function ComeButton({ attendance, onCome }) {
  if (!isAwaited(attendance.presence, now.value)) return null;
  return html`<button type="button" class="instruction-button card new" data-testid="come" onClick=${onCome}>
    ${icon("clock")}
    <span class="grow">
      <b class="ellipsis">${t("attendance.come")} ${clock(now.value)}</b>
      <span class="ellipsis">${t("attendance.ask", { name: local(me.value?.name) })}</span>
    </span>
    ${icon("check")}
  </button>`;
}

/** Who works at a running job without being among its crew can join it: their time counts for it then. */
export function JoinButton({ attendance, job, machine, onJoin }) {
  const gone = attendanceState(attendance.presence, now.value) === "out" && !isAwaited(attendance.presence, now.value);
  const here = ["running", "paused"].includes(job?.state) && job.machine === machine;
  if (!here || gone || !roles.value.has("operator") || job.crew?.some((one) => one.person === me.value?.person))
    return null;
  return html`<button type="button" class="instruction-button card new" data-testid="crew-join" onClick=${onJoin}>
    ${icon("people")}
    <span class="grow">
      <b class="ellipsis">${t("crew.join_me")}</b>
      <span class="ellipsis">${t("crew.join_text", { number: job.number })}</span>
    </span>
    ${icon("plus")}
  </button>`;
}

function State({ presence: { came, went }, state }) {
  const display = LOOKS[state];
  const word = state === "out" && !went ? "none" : state;
  const time = state === "out" ? went : came;
  return html`<p class="attendance-state ${display.tone}" role="status" data-testid="attendance" data-state=${state}>
    ${icon(display.icon)}
    <b>
      ${t(`attendance.state.${word}`)}
      ${
        time
          ? html` <span class="nowrap">${now.value - new Date(time) < 72000000 ? clock(time) : moment(time)}</span>`
          : ""
      }
    </b>
    ${
      state === "in" &&
      html`<span class="attendance-for">${t("attendance.for", { time: since(came, now.value) })}</span>`
    }
  </p>`;
}

/** Who is signed in, whether they are there, and the way out of the tablet. */
export function PersonSheet({ open, onClose, attendance, onCome, onGo, onLeave }) {
  useEffect(() => {
    if (open) attendance.load();
  }, [open]);
  const state = attendanceState(attendance.presence, now.value);
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${local(me.value?.name)}
    class="narrow"
    data-testid="person-sheet"
    footer=${html`
      <${Button} size="tall" onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" size="tall" icon="lock" class="wide" data-testid="sign-out" onClick=${onLeave}>
        ${t("session.sign_out")}
      <//>
    `}
  >
    ${
      attendance.known &&
      html`<div class="attendance">
        ${state && html`<${State} presence=${attendance.presence} state=${state} />`}
        ${
          state !== "in" &&
          html`<${Button} size="tall" icon="check" data-testid="attendance-in" onClick=${onCome}>
            ${t("attendance.come")}
          <//>`
        }
        ${
          state !== "out" &&
          html`<${Button} size="tall" icon="leave" data-testid="attendance-out" onClick=${onGo}>
            ${t("attendance.go")}
          <//>`
        }
      </div>`
    }
    <p class="muted">${t("station.sign_out_text")}</p>
  <//>`;
}
