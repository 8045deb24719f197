// /troubles: what the services tell each other and did not arrive: withheld, tried again, parked; and what an
// administrator does about it.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { useEveryMinute } from "/js/lib/clock.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem, Skeleton } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { OfficeShell } from "/js/shell/shell.js";
import { readTroubles } from "/js/shell/troubles.js";

const LOOK = {
  parked: { tone: "stop", icon: "pause" },
  withheld: { tone: "stop", icon: "hold" },
  retrying: { tone: "warn", icon: "refresh" },
};
const terms = () => Object.keys(LOOK).map((kind) => ({ word: t(`trouble.${kind}`), means: t(`trouble_text.${kind}`) }));

function Trouble({ trouble, busy, onReplay, onDismiss, onPublish }) {
  const { kind, event } = trouble;
  const when = event.parked_at ?? event.withheld_at ?? event.failed_last_at;
  return html`<li class="trouble" data-testid="trouble-${event.id}" data-kind=${kind}>
    <div class="grow">
      <p class="row wrap">
        <${Chip} tone=${LOOK[kind].tone} icon=${LOOK[kind].icon}>${t(`trouble.${kind}`)}<//>
        <b>${event.type}</b>
        <span class="muted">${event.aggregate} · ${moment(event.time)}</span>
      </p>
      <p class="reason">${event.reason}</p>
      <small class="muted">
        ${[
          kind === "retrying" && t("trouble.tries", { n: number(event.tries) }),
          kind === "withheld" && event.behind > 0 && t("trouble.behind", { n: number(event.behind) }),
          t("trouble.since", { time: moment(when) }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </div>
    ${
      kind === "parked" &&
      html`
        <${Button} kind="quiet" disabled=${busy} data-testid="trouble-dismiss" onClick=${() => onDismiss(trouble)}>
          ${t("trouble.dismiss")}
        <//>
        <${Button} icon="refresh" disabled=${busy} data-testid="trouble-replay" onClick=${() => onReplay(trouble)}>
          ${t("trouble.replay")}
        <//>
      `
    }
    ${
      kind === "withheld" &&
      html`<${Button} icon="refresh" disabled=${busy} data-testid="trouble-publish" onClick=${() => onPublish(trouble)}>
        ${t("trouble.publish")}
      <//>`
    }
  </li>`;
}

/** What a service does not do well, beside its events; nothing for one that is well. */
function Health({ health }) {
  const odd = Object.entries(health.checks).filter(([, state]) => state !== "ok");
  if (!odd.length) return null;
  return html`<${Notice} tone=${health.status === "not_ready" ? "stop" : "warn"} title=${t("troubles.health")}>
    ${odd.map(([name, state]) => `${name}: ${state}`).join(" · ")}
  <//>`;
}

export default function Troubles() {
  const found = useResource(readTroubles);
  const [dismissed, setDismissed] = useState(null);
  useEveryMinute(found.load);
  const act = useAction(
    (key, { service, event }, step, body) => post(`/${service}/${step(event.id)}`, body ?? {}, { key }),
    {
      done: () => {
        setDismissed(null);
        toast(t("troubles.done"));
        found.load();
      },
      failed: (problem) => {
        setDismissed(null);
        toastProblem(problem);
        found.load();
      },
    },
  );
  const { data, error, load } = found;
  const services = [...new Set((data?.troubles ?? []).map((one) => one.service))];
  return html`<${OfficeShell}
    title=${t("troubles.title")}
    terms=${terms()}
    actions=${html`<${Button} icon="refresh" busy=${found.loading} onClick=${load}>${t("troubles.look")}<//>`}
  >
    ${error && !data && html`<div class="card"><${Problem} error=${error} retry=${load} /></div>`}
    ${!data && !error && html`<div class="card card-body"><${Skeleton} rows="4" height="60" /></div>`}
    ${data && html`<${Health} health=${data.health} />`}
    ${
      data &&
      !data.troubles.length &&
      html`<div class="card">
        <${Empty} icon="check" title=${t("troubles.none")} text=${t("troubles.none_text")} />
      </div>`
    }
    ${services.map(
      (service) => html`<section class="card troubles" key=${service}>
        <h2>${t(`trouble_service.${service}`)}</h2>
        <ul>
          ${data.troubles
            .filter((one) => one.service === service)
            .map(
              (one) =>
                html`<${Trouble}
                  key=${one.event.id + one.kind}
                  trouble=${one}
                  busy=${act.busy}
                  onReplay=${(trouble) => act.go(trouble, (id) => `parked-events/${id}/replay`)}
                  onPublish=${(trouble) => act.go(trouble, (id) => `withheld-events/${id}/publish`)}
                  onDismiss=${setDismissed}
                />`,
            )}
        </ul>
      </section>`,
    )}
    <${ReasonDialog}
      open=${dismissed !== null}
      onClose=${() => setDismissed(null)}
      tone="danger"
      busy=${act.busy}
      title=${t("trouble.dismiss_title")}
      text=${t("trouble.dismiss_text")}
      confirm=${t("trouble.dismiss")}
      onConfirm=${(reason) => act.go(dismissed, (id) => `parked-events/${id}/dismiss`, { reason })}
    />
  <//>`;
}
