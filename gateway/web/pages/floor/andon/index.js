// /andon: who is called where, who comes, and what was done in the last calls.
import { html, useState } from "/js/lib/html.js";
import { all, get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { now } from "/js/lib/clock.js";
import { duration, moment } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { callDisplay } from "/js/lib/display.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { OfficeShell } from "/js/shell/shell.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";

async function readCalls() {
  const [open, past] = await Promise.all([
    all("/production/andon-calls", { state: "open,acknowledged" }),
    get("/production/andon-calls", { state: "resolved", limit: 100 }),
  ]);
  return {
    open: open.sort((a, b) => (a.state === b.state ? a.at.localeCompare(b.at) : a.state === "open" ? -1 : 1)),
    past: past.items,
  };
}

/** From one moment to another, in words. */
const lasted = (from, to) => duration(Math.max(0, new Date(to) - new Date(from)));

/** Whoever sees no persons reads what happened without them. */
const named = (code, person) => (code === null ? "" : person(code));

function taken(call, person) {
  const time = lasted(call.at, call.acknowledged_at);
  const by = named(call.acknowledged_by, person);
  return by ? t("andon.taken_by", { person: by, time }) : t("andon.taken_after", { time });
}

function Call({ call, person, busy, onTake, onDone }) {
  const display = callDisplay(call.kind);
  return html`<article
    class="card call ${call.state}"
    data-testid="call-${call.machine}-${call.kind}"
    data-state=${call.state}
  >
    <header>
      ${icon(display.icon)}
      <h2>${call.machine} · ${display.label}</h2>
      <b class="call-time">${lasted(call.at, now.value)}</b>
    </header>
    ${call.note && html`<p class="call-note">${call.note}</p>`}
    <p class="muted">${[named(call.person, person), moment(call.at)].filter(Boolean).join(" · ")}</p>
    <p class=${call.state === "open" ? "tone-stop strong" : "tone-setup strong"}>
      ${call.state === "open" ? t("andon.nobody_yet") : taken(call, person)}
    </p>
    ${
      may("operator", "leader", "quality", "planner", "maintenance") &&
      html`<footer>
        ${
          call.state === "open" &&
          html`<${Button}
            kind="primary"
            size="tall"
            icon="hand"
            disabled=${busy}
            data-testid="call-take"
            onClick=${() => onTake(call)}
          >
            ${t("andon.take")}
          <//>`
        }
        <${Button}
          kind=${call.state === "open" ? "" : "primary"}
          size="tall"
          icon="check"
          disabled=${busy}
          data-testid="call-done"
          onClick=${() => onDone(call)}
        >
          ${t("andon.done")}
        <//>
      </footer>`
    }
  </article>`;
}

function Past({ calls, person }) {
  const columns = [
    {
      key: "what",
      label: t("andon.call"),
      render: (c) =>
        html`
          <span class="first">${c.machine} · ${callDisplay(c.kind).label}</span>
          <span class="second">${[c.note, c.resolution].filter(Boolean).join(" → ")}</span>
        `,
    },
    {
      key: "at",
      label: t("andon.at"),
      render: (c) =>
        html`<span class="nowrap">${moment(c.at)}</span><span class="second">${named(c.person, person)}</span>`,
    },
    {
      key: "taken",
      class: "wide-only",
      label: t("andon.took"),
      render: (c) =>
        c.acknowledged_at
          ? html`${lasted(c.at, c.acknowledged_at)}<span class="second">${named(c.acknowledged_by, person)}</span>`
          : "–",
    },
    {
      key: "done",
      label: t("andon.lasted"),
      render: (c) => html`${lasted(c.at, c.resolved_at)}<span class="second">${named(c.resolved_by, person)}</span>`,
    },
    {
      key: "state",
      class: "wide-only",
      label: "",
      align: "end",
      render: () => html`<${StateChip} display=${{ tone: "idle", icon: "check", label: t("andon.resolved") }} />`,
    },
  ];
  return html`<section class="stack">
    <h2>${t("andon.past")}</h2>
    <${Table}
      label=${t("andon.past")}
      columns=${columns}
      rows=${calls}
      rowKey=${(c) => c.id}
      empty=${html`<${Empty} icon="bell" title=${t("andon.none_past")} />`}
    />
  </section>`;
}

export default function Andon() {
  const calls = useResource(readCalls, [], { auto: false });
  const person = usePeople();
  const [asked, setAsked] = useState(null);
  useLive(["andon"], calls.load);
  const move = useAction(
    (key, call, step, note) => post(`/production/andon-calls/${call.id}/${step}`, note ? { note } : {}, { key }),
    {
      done: (_, call, step) => {
        setAsked(null);
        toast(step === "resolve" ? t("andon.done_done") : t("andon.take_done", { machine: call.machine }));
        calls.load();
      },
      failed: (problem) => {
        setAsked(null);
        toastProblem(problem);
        calls.load();
      },
    },
  );
  const { data, error } = calls;
  return html`<${OfficeShell} title=${t("andon.title")}>
    ${
      !data &&
      (error
        ? html`<div class="card"><${Problem} error=${error} retry=${calls.load} /></div>`
        : html`<div class="card card-body"><${Skeleton} rows="4" height="72" /></div>`)
    }
    ${
      data &&
      !data.open.length &&
      html`<div class="card"><${Empty} icon="check" title=${t("andon.none")} text=${t("andon.none_text")} /></div>`
    }
    ${
      data &&
      html`
        <div class="calls">
          ${data.open.map(
            (call) =>
              html`<${Call}
                key=${call.id}
                call=${call}
                person=${person}
                busy=${move.busy}
                onTake=${(one) => move.go(one, "acknowledge")}
                onDone=${setAsked}
              />`,
          )}
        </div>
        <${Past} calls=${data.past} person=${person} />
      `
    }
    <${ReasonDialog}
      open=${asked !== null}
      onClose=${() => setAsked(null)}
      kind="unplanned"
      optional
      title=${t("andon.done_title")}
      text=${t("andon.done_text")}
      confirm=${t("andon.done")}
      busy=${move.busy}
      onConfirm=${(note) => move.go(asked, "resolve", note)}
    />
  <//>`;
}
