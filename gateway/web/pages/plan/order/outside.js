// An operation that a subcontractor does: what was sent, what is there, what came back and what is late.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { duration, moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { standOf } from "/pages/plan/order/floor.js";
import { ReceiveSheet } from "/pages/plan/order/receive.js";
import { SendSheet } from "/pages/plan/order/send.js";

const sum = (rows, field) => rows.reduce((whole, row) => whole + Number(row[field]), 0);
const ON_THE_WAY = ["running", "paused"];
const SENDABLE = ["ready", ...ON_THE_WAY];
const isMade = (job) => Number(job.good) + Number(job.scrap) > 0;

function State({ job, sendings }) {
  const late = sendings.filter((one) => one.late);
  const now = Date.now();
  const waited = Math.max(0, ...late.map((one) => now - Date.parse(one.due_at)));
  if (late.length)
    return html`<${Chip} tone="stop" icon="clock" data-testid="outside-state-${job.op}">
      ${t("outside.late", { n: number(sum(late, "out")), text: duration(waited) })}
    <//>`;
  if (Number(job.sent) > 0)
    return html`<${Chip} tone="setup" icon="truck" data-testid="outside-state-${job.op}">
      ${t("outside.there", { n: number(job.sent) })}
    <//>`;
  if (isMade(job))
    return html`<${Chip} tone="run" icon="check" data-testid="outside-state-${job.op}">${t("outside.all_back")}<//>`;
  return html`<${Chip} icon="box" data-testid="outside-state-${job.op}">${t("outside.nothing_sent")}<//>`;
}

function Sent({ order, job, sending, person }) {
  const still = { n: number(sending.out) };
  const state = sending.late
    ? { tone: "tone-stop", icon: "clock", label: t("outside.late_still", still) }
    : sending.out > 0
      ? { tone: "tone-setup", icon: "truck", label: t("outside.there", still) }
      : { tone: "tone-run", icon: "check", label: t("outside.back") };
  return html`<li data-testid="sending">
    <span class="grow">
      <b>${number(sending.quantity)} ${job.unit}</b> ${sending.supplier ?? t("order.outside")}
      <small>
        ${[
          t("outside.sent_at", { at: moment(sending.at), person: person(sending.person) }),
          sending.due_at && t("outside.due", { at: moment(sending.due_at) }),
          sending.note,
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </span>
    ${sending.flags
      .filter((flag) => flag !== "late")
      .map((flag) => html`<${Chip} key=${flag} tone="warn" icon="flag">${t(`flag.${flag}`)}<//>`)}
    <span class="sending-state ${state.tone}">${icon(state.icon)}${state.label}</span>
    <${Button}
      kind="quiet"
      icon="print"
      aria-label=${t("outside.note")}
      title=${t("outside.note")}
      href="/travellers?orders=${encodeURIComponent(order.number)}&op=${job.op}&sending=${sending.id}"
      data-testid="delivery-note"
    />
  </li>`;
}

/** `job` is the operation's, `person(code)` gives a name, `onDone()` after anything that changed it. */
export function Outside({ order, operation, job, sendings: sent, person, onDone }) {
  const [asking, setAsking] = useState(null);
  const done = (words, look) => {
    setAsking(null);
    toast(words, look);
    onDone();
  };
  const finish = useAction((key) => post(`/production/jobs/${job.id}/finish`, {}, { key }), {
    done: () => done(t("outside.finished", { op: job.op })),
    failed: toastProblem,
  });
  const sendings = standOf(sent, job.sent);
  const allowed = may("planner", "leader");
  const isComplete = ON_THE_WAY.includes(job.state) && Number(job.sent) === 0 && isMade(job);
  const Asked = { send: SendSheet, receive: ReceiveSheet }[asking];
  return html`<div class="outside" data-testid="outside-${job.op}">
    <div class="outside-head">
      <${State} job=${job} sendings=${sendings} />
      <span class="muted grow">
        ${
          sent.length > 0 &&
          html`${t("outside.sent", { n: number(sum(sent, "quantity")) })} · ${t("outside.came_back", {
            n: number(Number(job.good) + Number(job.scrap)),
          })}`
        }
      </span>
      ${
        allowed &&
        html`<span class="outside-buttons">
          ${
            SENDABLE.includes(job.state) &&
            html`<${Button} icon="truck" data-testid="outside-send-${job.op}" onClick=${() => setAsking("send")}>
              ${t("outside.send")}
            <//>`
          }
          ${
            sent.length > 0 &&
            order.state !== "closed" &&
            html`<${Button}
              icon="import"
              kind=${Number(job.sent) > 0 ? "primary" : ""}
              data-testid="outside-receive-${job.op}"
              onClick=${() => setAsking("receive")}
            >
              ${t("outside.receive")}
            <//>`
          }
          ${
            isComplete &&
            html`<${Button}
              icon="check"
              busy=${finish.busy}
              data-testid="outside-finish-${job.op}"
              onClick=${() => finish.go()}
            >
              ${t("job.finish")}
            <//>`
          }
        </span>`
      }
    </div>
    ${
      sendings.length > 0 &&
      html`<ul class="sendings">
        ${sendings.map(
          (sending) =>
            html`<${Sent} key=${sending.id} order=${order} job=${job} sending=${sending} person=${person} />`,
        )}
      </ul>`
    }
    ${
      Asked &&
      html`<${Asked}
        order=${order}
        operation=${operation}
        job=${job}
        onClose=${() => setAsking(null)}
        onDone=${done}
      />`
    }
  </div>`;
}
