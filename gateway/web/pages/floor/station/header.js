// The operator's header: which machine, how it stands, the shift's clock, the connection, who and in which language.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { isOnline } from "/js/floor/connectivity.js";
import { depth } from "/js/floor/queue.js";
import { clock, since } from "/js/lib/format.js";
import { LANGUAGES, language, local, t } from "/js/lib/i18n.js";
import { icon } from "/js/lib/icons.js";
import { may, me } from "/js/lib/session.js";
import { machineDisplay } from "/js/lib/display.js";
import { Chip } from "/js/components/chip.js";

/** The machine's code: where this browser is not bound to it, the way to another one. */
function Machine({ code }) {
  if (me.value?.device?.machine) return code;
  return html`<a
    class="station-change"
    href=${may("leader", "operator") ? "/station" : "/"}
    title=${t("station.other")}
    data-testid="station-change"
  >
    ${code}${icon("down")}
  </a>`;
}

function MachineState({ machine }) {
  const display = machineDisplay(machine.state, machine.reason);
  return html`<${Chip}
    tone=${display.tone}
    icon=${display.icon}
    class="station-state"
    data-testid="machine-state"
    data-state=${machine.state}
  >
    ${machine.reason ? local(machine.reason.name) : display.label} ${since(machine.since, now.value)}
  <//>`;
}

function ShiftClock({ shift }) {
  const left = shift?.code ? new Date(shift.to) - now.value : 0;
  return html`<div class="station-clock">
    <strong>${local(shift?.name)} ${clock(now.value)}</strong>
    ${left > 0 && html`<span class="muted">${t("station.left", { time: since(now.value - left, now.value) })}</span>`}
  </div>`;
}

/** online | offline, and how many touches the server does not have yet; it opens the log. */
function Connection({ onLog }) {
  const state = isOnline.value ? "online" : "offline";
  return html`<button type="button" class="station-touch station-connection" data-testid="log-open" onClick=${onLog}>
    <${Chip}
      tone=${state === "online" ? "run" : "stop"}
      icon=${state === "online" ? "wifi" : "wifi_off"}
      data-testid="connection"
      data-state=${state}
    >
      <span class="station-wide">${state === "online" ? t("connection.online") : t("connection.offline")}</span>
    <//>
    <span class="station-sending ${depth.value ? "" : "visually-hidden"}">
      ${state === "online" ? t("connection.sending") : t("floor.state.queued")} <b data-testid="queue-depth">
        ${depth.value}
      </b>
    </span>
  </button>`;
}

export function StationHeader({ machine, onLog, onPerson, onLanguage, onMore }) {
  return html`<header class="station-head">
    <h1><${Machine} code=${machine.code} /></h1>
    <div class="station-now" data-notices>
      <span class="station-name muted ellipsis">${local(machine.name)}</span>
      <${MachineState} machine=${machine} />
      <span class="grow"></span>
      <${ShiftClock} shift=${machine.shift} />
    </div>
    <${Connection} onLog=${onLog} />
    <button
      type="button"
      class="station-touch"
      data-testid="person"
      aria-label=${t("station.person", { name: local(me.value?.name) })}
      onClick=${onPerson}
    >
      <${Chip} icon="person"><span class="station-wide ellipsis">${local(me.value?.name)}</span><//>
    </button>
    <button
      type="button"
      class="station-touch"
      data-testid="language"
      aria-label="${t("language.title")}: ${LANGUAGES[language.value]}"
      onClick=${onLanguage}
    >
      <${Chip} icon="globe"><span class="station-wide" lang=${language.value}>${LANGUAGES[language.value]}</span><//>
    </button>
    <button
      type="button"
      class="station-touch station-more"
      data-testid="more-open"
      aria-label=${t("more.title")}
      onClick=${onMore}
    >
      <${Chip} icon="more"><//>
    </button>
  </header>`;
}
