// What was finished at this machine lately, for a leader who takes it up again: finished too early, or more is wanted.
import { html, useState } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { ReasonField } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";

const DAYS = 3;
const DAY_MS = 86400000;

async function readFinished(machine) {
  const since = new Date(Date.now() - DAYS * DAY_MS).toISOString();
  const jobs = await all("/production/jobs", { machine, state: "done", finished_after: since });
  return jobs.sort((a, b) => (a.finished_at < b.finished_at ? 1 : -1));
}

function Finished({ job, chosen, onPick }) {
  return html`<button
    type="button"
    class="tile ${chosen ? "on" : ""}"
    aria-pressed=${chosen}
    data-testid="finished-${job.number}-${job.op}"
    onClick=${onPick}
  >
    ${icon("check")}
    <span>
      ${job.number} · ${t("job.op", { op: job.op })}
      <small>
        ${local(job.item_name) || job.item} · ${number(job.good)} / ${number(job.planned)} ${job.unit} ·
        ${" "}${moment(job.finished_at)}
      </small>
    </span>
  </button>`;
}

/** `onTakeUp(job, reason)`. */
export function FinishedSheet({ open, onClose, machine, onTakeUp }) {
  const jobs = useResource(async () => (open ? readFinished(machine) : undefined), [open, machine]);
  const [chosen, setChosen] = useState(null);
  const [reason, setReason] = useState("");
  const close = () => {
    setChosen(null);
    setReason("");
    onClose();
  };
  const takeUp = () => {
    close();
    onTakeUp(chosen, reason.trim());
  };
  return html`<${Sheet}
    open=${open}
    onClose=${close}
    title=${t("again.title")}
    data-testid="finished-sheet"
    footer=${
      chosen &&
      html`
        <${Button} size="tall" onClick=${close}>${t("action.cancel")}<//>
        <${Button}
          kind="primary"
          size="tall"
          icon="play"
          class="wide"
          disabled=${!reason.trim()}
          data-testid="take-up"
          onClick=${takeUp}
        >
          ${t("again.confirm")}
        <//>
      `
    }
  >
    ${
      jobs.data?.length
        ? html`<div class="tiles">
            ${jobs.data.map(
              (job) =>
                html`<${Finished}
                  key=${job.id}
                  job=${job}
                  chosen=${job.id === chosen?.id}
                  onPick=${() => setChosen(job)}
                />`,
            )}
          </div>`
        : jobs.data
          ? html`<${Empty} icon="check" title=${t("again.none")} text=${t("again.none_text")} />`
          : jobs.error
            ? html`<${Problem} error=${jobs.error} retry=${jobs.load} />`
            : html`<${Skeleton} rows="3" height="72" />`
    }
    ${
      chosen &&
      html`<${ReasonField} label=${t("again.reason")} value=${reason} onInput=${setReason} data-testid="again-reason" />`
    }
  <//>`;
}
