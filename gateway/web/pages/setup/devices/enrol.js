// In the office: a name and a machine, then a code that the tablet reads before it runs out.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { now } from "/js/lib/clock.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Field } from "/js/components/field.js";
import { Secret } from "/js/components/secret.js";
import { Sheet } from "/js/components/sheet.js";
import { isOnlyHere } from "/pages/setup/devices/address.js";

const LOOK_MS = 2500;

function Countdown({ until }) {
  const left = Math.max(0, Math.ceil((new Date(until) - now.value) / 1000));
  return html`<span class="left">
    ${t("devices.left", { time: `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` })}
  </span>`;
}

function Invitation({ enrolment, onAgain }) {
  const over = new Date(enrolment.expires_at) <= now.value;
  if (over)
    return html`<div class="enrol">
      <${Notice} tone="warn" title=${t("devices.expired")} />
      <${Button} kind="primary" icon="refresh" onClick=${onAgain}>${t("devices.again")}<//>
    </div>`;
  return html`<div class="enrol">
    <ol><li>${t("devices.step_scan")}</li><li>${t("devices.step_wait")}</li></ol>
    ${
      isOnlyHere(enrolment.url) &&
      html`<${Notice} tone="warn" icon="warning" title=${t("devices.only_here")} data-testid="enrol-only-here">
        ${t("devices.only_here_text")}
      <//>`
    }
    <img src="data:image/svg+xml,${encodeURIComponent(enrolment.qr_svg)}" alt=${t("devices.qr")} />
    <${Countdown} until=${enrolment.expires_at} />
    <${Secret} value=${enrolment.url} data-testid="enrol-url" />
  </div>`;
}

export function EnrolSheet({ open, onClose, onEnrolled }) {
  const [name, setName] = useState("");
  const [machine, setMachine] = useState("");
  const [enrolled, setEnrolled] = useState(null);
  const [enrolment, setEnrolment] = useState(null);
  const machines = useResource(async () => (open ? await all("/orders/machines") : []), [open]);
  const invite = useAction(
    async (key) => {
      const known = new Set((await all("/devices")).map((device) => device.id));
      return {
        ...(await post("/device-enrolments", { name: name.trim(), ...(machine ? { machine } : {}) }, { key })),
        known,
      };
    },
    { done: setEnrolment, failed: () => {} },
  );
  useEffect(() => {
    if (!open) return;
    setName("");
    setMachine("");
    setEnrolled(null);
    setEnrolment(null);
    invite.forget();
  }, [open]);
  useEffect(() => {
    if (!open || !enrolment || enrolled) return undefined;
    const timer = setInterval(async () => {
      const fresh = (await all("/devices").catch(() => [])).find(
        (device) => !enrolment.known.has(device.id) && device.name === name.trim(),
      );
      if (!fresh) return;
      setEnrolled(fresh);
      onEnrolled();
    }, LOOK_MS);
    return () => clearInterval(timer);
  }, [open, enrolment, enrolled]);
  const chosen = (code) => {
    setMachine(code);
    const found = machines.data?.find((one) => one.code === code);
    if (found && !name.trim()) setName(local(found.name));
  };
  const submit = (event) => {
    event.preventDefault();
    if (name.trim()) invite.go();
  };
  const options = [
    { value: "", label: t("devices.any_machine") },
    ...(machines.data || []).map((one) => ({ value: one.code, label: `${one.code} · ${local(one.name)}` })),
  ];
  const footer = enrolment
    ? html`<${Button} kind=${enrolled ? "primary" : ""} onClick=${onClose}>${t("action.close")}<//>`
    : html`
        <${Button} onClick=${onClose}>${t("action.cancel")}<//>
        <${Button}
          kind="primary"
          busy=${invite.busy}
          disabled=${!name.trim()}
          data-testid="enrol-create"
          onClick=${submit}
        >
          ${t("devices.show_code")}
        <//>
      `;
  return html`<${Sheet} open=${open} onClose=${onClose} from="side" title=${t("devices.enrol")} footer=${footer}>
    ${
      enrolled &&
      html`<div class="enrol-done" role="status">
        ${icon("check")}
        <h2>${t("devices.enrolled", { name: enrolled.name })}</h2>
        <p class="muted">${t("devices.enrolled_text")}</p>
      </div>`
    }
    ${!enrolled && enrolment && html`<${Invitation} enrolment=${enrolment} onAgain=${() => invite.go()} />`}
    ${
      !enrolment &&
      html`<form class="form" onSubmit=${submit}>
        ${invite.problem && html`<${Notice} tone="stop" title=${problemText(invite.problem)} />`}
        <${Field}
          label=${t("devices.machine")}
          options=${options}
          value=${machine}
          onInput=${chosen}
          hint=${t("devices.machine_hint")}
          error=${invite.problem?.field?.("machine")}
          data-testid="enrol-machine"
        />
        <${Field}
          label=${t("devices.name")}
          value=${name}
          onInput=${setName}
          maxlength="100"
          hint=${t("devices.name_hint")}
          error=${invite.problem?.field?.("name")}
          data-testid="enrol-name"
        />
      </form>`
    }
  <//>`;
}
