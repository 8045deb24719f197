// What comes next at this machine, and the two touches that change the job's state.
import { html } from "/js/lib/html.js";
import { day, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { jobDisplay } from "/js/lib/display.js";
import { reports, runsJobs } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Picture } from "/js/components/picture.js";

function Entry({ job, picture, selected, current, onSelect }) {
  const display = jobDisplay(job.state);
  return html`<li>
    <button
      type="button"
      class="queue-job ${selected ? "selected" : ""}"
      data-testid="job-${job.number}-${job.op}"
      data-state=${job.state}
      aria-pressed=${selected}
      onClick=${() => onSelect(job)}
    >
      ${picture && html`<${Picture} id=${picture} glyph="part" />`}
      <span class="grow">
        <b class="ellipsis">${job.item} ${local(job.item_name)}</b>
        <span class="ellipsis">${job.number} · ${t("job.due", { day: day(job.due_at) })}</span>
      </span>
      <span class="queue-end">
        <b>${number(job.planned)}</b>
        <span class="tone-${display.tone}">${current ? t("queue.current") : display.label}</span>
      </span>
    </button>
  </li>`;
}

export function Queue({ jobs, pictures, selected, current, onSelect, onCamera }) {
  return html`<section class="card queue">
    <header class="row">
      <h2 class="grow">${t("queue.title")}</h2>
      ${
        onCamera &&
        html`<${Button} kind="quiet" icon="scan" class="queue-scan" data-testid="traveller-scan" onClick=${onCamera}>
          ${t("camera.scan")}
        <//>`
      }
    </header>
    ${
      jobs.length
        ? html`<ul>
            ${jobs.map(
              (job) =>
                html`<${Entry}
                  key=${job.id}
                  job=${job}
                  picture=${pictures[job.item]}
                  selected=${job.id === selected?.id}
                  current=${job.id === current?.id}
                  onSelect=${onSelect}
                />`,
            )}
          </ul>`
        : html`<p class="queue-empty">${icon("check")}<span>${t("queue.empty")}</span></p>`
    }
  </section>`;
}

const active = (job) => ["running", "paused"].includes(job?.state);

export function SideActions({ job, calling, onPause, onMaterial, onCall, onFinish, finishing }) {
  return html`<div class="side-actions">
    <${Button}
      kind="warn"
      size="tall"
      icon="pause"
      data-testid="job-pause"
      disabled=${job?.state !== "running" || !runsJobs()}
      onClick=${onPause}
    >
      ${t("job.pause")}
    <//>
    <${Button} size="tall" icon="scan" data-testid="material-open" disabled=${!job || !reports()} onClick=${onMaterial}>
      ${t("material.open")}
    <//>
    <${Button} size="tall" icon="bell" class=${calling ? "called" : ""} data-testid="andon-open" onClick=${onCall}>
      ${t("andon.open")}
    <//>
    <${Button}
      size="tall"
      icon="check"
      data-testid=${finishing ? undefined : "job-finish"}
      disabled=${!active(job) || !runsJobs()}
      onClick=${onFinish}
    >
      ${t("job.finish")}
    <//>
  </div>`;
}
