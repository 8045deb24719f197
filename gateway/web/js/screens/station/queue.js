// What comes next at this machine, and the two touches that change the job's state.
import { html } from "/js/lib/html.js";
import { day, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { jobLook } from "/js/lib/states.js";
import { Button } from "/js/components/button.js";

function Entry({ job, selected, current, onSelect }) {
  const look = jobLook(job.state);
  return html`<li><button type="button" class="queue-job ${selected ? "selected" : ""}" data-testid="job-${job.number}-${job.op}" data-state=${job.state} aria-pressed=${selected} onClick=${() => onSelect(job)}>
    <span class="grow"><b class="ellipsis">${job.item} ${local(job.item_name)}</b><span class="ellipsis">${job.number} · ${t("job.due", { day: day(job.due_at) })}</span></span>
    <span class="queue-end"><b>${number(job.planned)}</b><span class="tone-${look.tone}">${current ? t("queue.current") : look.word}</span></span>
  </button></li>`;
}

export function Queue({ jobs, selected, current, onSelect }) {
  return html`<section class="card queue"><h2>${t("queue.title")}</h2>
    ${jobs.length ? html`<ul>${jobs.map((job) => html`<${Entry} key=${job.id} job=${job} selected=${job.id === selected?.id} current=${job.id === current?.id} onSelect=${onSelect} />`)}</ul>`
      : html`<p class="queue-empty">${icon("check")}<span>${t("queue.empty")}</span></p>`}
  </section>`;
}

export function SideActions({ job, onPause, onFinish, finishing }) {
  return html`<div class="side-actions">
    <${Button} kind="warn" size="tall" icon="pause" data-testid="job-pause" disabled=${job?.state !== "running"} onClick=${onPause}>${t("job.pause")}<//>
    <${Button} size="tall" icon="check" data-testid=${finishing ? undefined : "job-finish"} disabled=${!["running", "paused"].includes(job?.state)} onClick=${onFinish}>${t("job.finish")}<//>
  </div>`;
}
