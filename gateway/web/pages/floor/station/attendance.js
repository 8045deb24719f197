// Coming and going, told at the machine: one touch each.
import { html, useEffect } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { presence, readAttendance, attendanceState } from "/js/floor/attendance.js";
import { commands, counts } from "/js/floor/queue.js";
import { clock, moment, since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { me } from "/js/lib/session.js";
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
