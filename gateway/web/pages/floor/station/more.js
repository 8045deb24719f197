// What is not needed every minute: phase, crew, stops, handover, pieces without an order, the log, and how this tablet
// looks, sounds and is left.
import { html } from "/js/lib/html.js";
import { IDLE_MINUTES, idleMinutes } from "/js/floor/leaving.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { sounds } from "/js/lib/sound.js";
import { Sheet } from "/js/components/sheet.js";
import { home, me } from "/js/lib/session.js";
import { navigate } from "/js/lib/router.js";
import { contrast, hand } from "/pages/floor/station/display.js";

const PHASES = [
  ["setup", "tools"],
  ["first_off", "shield"],
  ["production", "play"],
];

const tile = (name, glyph, text, onClick, more = {}) =>
  html`<button
    type="button"
    class="tile ${more.on ? "on" : ""}"
    key=${name}
    data-testid="more-${name}"
    aria-pressed=${more.on}
    disabled=${more.disabled}
    onClick=${onClick}
  >
    ${icon(glyph)}
    <span>${text}${more.note && html`<small>${more.note}</small>`}</span>
  </button>`;

/** The next of the times after which the tablet signs out by itself; 0: never. */
const nextIdle = () => IDLE_MINUTES[(IDLE_MINUTES.indexOf(idleMinutes.value ?? 0) + 1) % IDLE_MINUTES.length];

export function MoreSheet({ open, onClose, job, onPhase, onOpen, onCamera }) {
  const running = job?.state === "running";
  const phase = job?.phase ?? "production";
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("more.title")} data-testid="more-sheet">
    ${
      running &&
      html`
        <h3>${t("phase.title")}</h3>
        <div class="tiles three">
          ${PHASES.map(([value, glyph]) =>
            tile(`phase-${value}`, glyph, t(`phase.${value}`), () => onPhase(value), { on: phase === value }),
          )}
        </div>
      `
    }
    <h3>${t("more.work")}</h3>
    <div class="tiles three">
      ${tile("crew", "people", t("crew.title"), () => onOpen("crew"), {
        disabled: !["running", "paused"].includes(job?.state),
        note: job?.crew?.length ? t("crew.count", { n: job.crew.length }) : "",
      })}
      ${tile("stops", "pause", t("stops.title"), () => onOpen("stops"))}
      ${tile("handover", "chat", t("handover.title"), () => onOpen("handover"))}
      ${tile("unassigned", "box", t("unassigned.title"), () => onOpen("unassigned"))}
      ${tile("log", "list", t("floor.log"), () => onOpen("log"))}
      ${may("leader", "planner") && tile("finished", "undo", t("finished.title"), () => onOpen("finished"))}
      ${onCamera && tile("scan", "scan", t("camera.title"), onCamera)}
    </div>
    <h3>${t("more.tablet")}</h3>
    <div class="tiles three">
      ${tile("hand", "change", t("more.left"), () => (hand.value = hand.value === "left" ? null : "left"), {
        on: hand.value === "left",
      })}
      ${tile("contrast", "sun", t("more.contrast"), () => (contrast.value = contrast.value ? null : "high"), {
        on: Boolean(contrast.value),
      })}
      ${tile("sounds", "bell", t("more.sounds"), () => (sounds.value = !sounds.value), { on: sounds.value })}
      ${
        me.value?.device &&
        tile("idle", "lock", t("more.idle"), () => (idleMinutes.value = nextIdle()), {
          on: Boolean(idleMinutes.value),
          note: idleMinutes.value ? t("more.idle_after", { n: idleMinutes.value }) : t("more.idle_never"),
        })
      }
      ${!me.value?.device?.machine && tile("machines", "machine", t("station.other"), () => navigate("/station"))}
      ${!me.value?.device && tile("office", "home", t("more.office"), () => navigate(home()))}
    </div>
  <//>`;
}
