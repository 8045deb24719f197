// One machine on the board.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { number, percent, since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { machineDisplay } from "/js/lib/display.js";
import { Progress, Strip } from "/js/components/progress.js";

const work = (job) => `${job.number} · ${t("job.op", { op: job.op })}`;

export function MachineTile({ machine }) {
  const { job, next_job: next, shift, strip } = machine;
  const display = machineDisplay(machine.state, machine.reason);
  const share = job && Number(job.planned) > 0 ? Number(job.good) / Number(job.planned) : null;
  const from = shift?.from ?? strip[0]?.from;
  const to = shift ? Math.min(now.value, new Date(shift.to).getTime()) : now.value;
  return html`<article
    class="machine ${display.tone}"
    data-testid="machine-${machine.code}"
    data-state=${machine.state}
  >
    <header>
      <h2 class="ellipsis">${machine.code}</h2>
      <p class="machine-state tone-${display.tone}">
        ${icon(display.icon)}
        <span>${machine.reason ? local(machine.reason.name) : display.label}</span> <time>
          ${since(machine.since, now.value)}
        </time>
      </p>
    </header>
    <div class="machine-job">
      <strong class="ellipsis">${job ? local(job.item_name) || job.item : "–"}</strong>
      <span class="ellipsis">
        ${job ? work(job) : next ? t("board.next", { job: work(next) }) : local(machine.name)}
      </span>
    </div>
    ${
      strip.length > 0 &&
      html`<${Strip}
        intervals=${strip}
        from=${from}
        to=${new Date(to).toISOString()}
        now=${now.value}
        ahead=${false}
      />`
    }
    <div class="machine-done">
      <p class="machine-count">
        <span>${job ? html`<b>${number(job.good)}</b> / ${number(job.planned)}` : t("board.no_job")}</span>
        <strong>${percent(share)}</strong>
      </p>
      <${Progress}
        good=${job?.good || 0}
        target=${job?.planned || 0}
        tone=${display.tone}
        label=${t("job.done_share")}
      />
    </div>
  </article>`;
}
