// /station: which machine is this tablet at? Only asked where the tablet is not bound to one.
import { html } from "/js/lib/html.js";
import { local, t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { readMachines } from "/js/lib/machines.js";
import { useResource } from "/js/lib/resource.js";
import { navigate } from "/js/lib/router.js";
import { machineDisplay } from "/js/lib/display.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";
import { StateChip } from "/js/components/chip.js";

function Machine({ machine }) {
  const display = machineDisplay(machine.state, machine.reason);
  return html`<button
    type="button"
    class="tile"
    onClick=${() => navigate(`/station/${encodeURIComponent(machine.code)}`)}
  >
    <span class="row"><span class="nowrap">${machine.code}</span><${StateChip} display=${display} /></span>
    <small>${local(machine.name)}</small>
  </button>`;
}

export default function ChooseStation() {
  const machines = useResource(readMachines, [], { auto: false });
  useLive(["machines"], machines.load);
  const items = machines.data;
  return html`<${OfficeShell} title=${t("station.choose")}>
    ${machines.error && !items && html`<${Problem} error=${machines.error} retry=${machines.load} />`}
    ${!items && !machines.error && html`<${Skeleton} rows="3" height="96" />`}
    ${
      items &&
      !items.length &&
      html`<${Empty} icon="machine" title=${t("station.no_machines")} text=${t("station.no_machines_text")} />`
    }
    ${
      items?.length > 0 &&
      html`<div class="tiles">
        ${items.map((machine) => html`<${Machine} key=${machine.code} machine=${machine} />`)}
      </div>`
    }
  <//>`;
}
