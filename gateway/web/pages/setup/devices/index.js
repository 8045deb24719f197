// /devices: the shop's tablets. The same address with #enrol=… is another page (start/join): it makes a tablet of a
// browser.
import { html, useState } from "/js/lib/html.js";
import { all, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { duration, moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Dialog } from "/js/components/sheet.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { EnrolSheet } from "/pages/setup/devices/enrol.js";
import { KeptHere } from "/pages/setup/devices/kept.js";

const AWAKE_MS = 5 * 60000;

function Seen({ device }) {
  if (device.revoked_at) return html`<${Chip}>${t("devices.revoked")}<//>`;
  if (!device.last_seen_at) return html`<${Chip}>${t("devices.never_seen")}<//>`;
  const ago = Date.now() - new Date(device.last_seen_at);
  return ago < AWAKE_MS
    ? html`<${Chip} tone="run" icon="wifi">${t("devices.awake")}<//>`
    : html`<${Chip} icon="clock">${t("devices.ago", { time: duration(ago) })}<//>`;
}

export default function Devices() {
  const devices = useResource(() => all("/devices"));
  const [enrolling, setEnrolling] = useState(false);
  const [asked, setAsked] = useState(null);
  useEveryMinute(devices.load);
  const revoke = useAction((key, device) => post(`/devices/${device.id}/revoke`, {}, { key }), {
    done: (_, device) => {
      setAsked(null);
      toast(t("devices.revoked_done", { name: device.name }));
      devices.load();
    },
    failed: (problem) => {
      setAsked(null);
      toastProblem(problem);
    },
  });
  const columns = [
    {
      key: "name",
      label: t("devices.name"),
      sort: (d) => d.name,
      render: (d) =>
        html`
          <span class=${d.revoked_at ? "muted" : "first"}>${d.name}</span>
          <span class="second">${d.machine ?? t("devices.any_machine")}</span>
        `,
    },
    { key: "seen", label: t("devices.seen"), render: (d) => html`<${Seen} device=${d} />` },
    {
      key: "since",
      class: "wide-only",
      label: t("devices.since"),
      sort: (d) => d.enrolled_at,
      render: (d) => html`<span class="nowrap">${moment(d.enrolled_at)}</span>`,
    },
    {
      key: "revoke",
      label: "",
      align: "end",
      render: (d) =>
        !d.revoked_at &&
        html`<${Button}
          size="small"
          kind="quiet"
          class="tone-stop"
          data-testid="revoke-${d.id}"
          onClick=${() => setAsked(d)}
        >
          ${t("devices.revoke")}
        <//>`,
    },
  ];
  const rows = devices.data && [...devices.data].sort((a, b) => Boolean(a.revoked_at) - Boolean(b.revoked_at));
  const enrol = html`<${Button}
    kind="primary"
    icon="plus"
    data-testid="device-enrol"
    onClick=${() => setEnrolling(true)}
  >
    ${t("devices.enrol")}
  <//>`;
  return html`<${OfficeShell} title=${t("devices.title")} actions=${enrol}>
    ${
      devices.error && !devices.data
        ? html`<div class="card"><${Problem} error=${devices.error} retry=${devices.load} /></div>`
        : html`
            <${Table}
              label=${t("devices.title")}
              columns=${columns}
              rows=${rows}
              rowKey=${(d) => d.id}
              empty=${html`<${Empty} icon="device" title=${t("devices.none")} text=${t("devices.none_text")}>
                ${enrol}
              <//>`}
            />
          `
    }
    <${KeptHere} />
    <${EnrolSheet}
      open=${enrolling}
      onClose=${() => {
        setEnrolling(false);
        devices.load();
      }}
      onEnrolled=${devices.load}
    />
    <${Dialog}
      open=${asked !== null}
      onClose=${() => setAsked(null)}
      title=${t("devices.revoke_title", { name: asked?.name })}
      actions=${html`
        <${Button} onClick=${() => setAsked(null)}>${t("action.back")}<//>
        <${Button} kind="danger" busy=${revoke.busy} data-testid="revoke-confirm" onClick=${() => revoke.go(asked)}>
          ${t("devices.revoke")}
        <//>
      `}
    >
      <p class="muted">${t("devices.revoke_text")}</p>
    <//>
  <//>`;
}
