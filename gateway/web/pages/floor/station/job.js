// The job at the machine: what it is, how far it is, and the three touches that an operator makes most.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { isOnline } from "/js/floor/connectivity.js";
import { depth } from "/js/floor/queue.js";
import { clock, day, due, number, percent, since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { jobDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { Chip, StateChip } from "/js/components/chip.js";
import { Picture } from "/js/components/picture.js";
import { Progress } from "/js/components/progress.js";
import { pace } from "/pages/floor/station/pace.js";

const remaining = (job) => Number(job.planned) - Number(job.good) - Number(job.scrap);

function Title({ job, picture }) {
  const term = due(job.due_at, now.value);
  const short = Number(job.ready) < remaining(job);
  return html`<div class="job-title">
    <${Picture} id=${picture} glyph="part" class="job-picture" data-testid="item-picture" />
    <div class="grow">
      <h2 class="ellipsis">${local(job.item_name) || job.item}</h2>
      <p class="job-facts">
        <b>${job.item}</b>
        <span>${t("job.op", { op: job.op })} · ${local(job.op_name)}</span>
        <span>${t("job.order")} ${job.number}</span>
      </p>
      <p class="row wrap job-chips">
        ${
          job.due_at &&
          html`<${Chip} tone=${term.late ? "stop" : "idle"} icon=${term.late ? "warning" : undefined}>
            ${t("job.due", { day: day(job.due_at) })}
            ${term.late ? ` · ${term.text}` : ""}
          <//>`
        }
        ${job.state !== "running" && html`<${StateChip} display=${jobDisplay(job.state)} />`}
        ${
          job.state === "running" &&
          job.phase &&
          job.phase !== "production" &&
          html`<${Chip} tone="setup" icon="tools">${t(`phase.${job.phase}`)}<//>`
        }
        ${job.crew?.length > 1 && html`<${Chip} icon="people">${t("crew.count", { n: job.crew.length })}<//>`}
        ${short && html`<${Chip} tone="warn" icon="box">${t("job.ready_quantity", { n: number(job.ready) })}<//>`}
        ${job.flags?.includes("over_production") && html`<${Chip} tone="warn" icon="flag">${t("job.over")}<//>`}
      </p>
    </div>
  </div>`;
}

function Counts({ job, speed }) {
  return html`<dl class="job-counts">
    <div class="count good">
      <dt>${t("count.good")}</dt>
      <dd>
        <b data-testid="job-good" data-value=${job.good}>${number(job.good)}</b>
        <span>/ <i data-testid="job-target" data-value=${job.planned}>${number(job.planned)}</i> ${job.unit}</span>
      </dd>
    </div>
    <div class="count scrap">
      <dt>${t("count.scrap")}</dt>
      <dd><b data-testid="job-scrap" data-value=${job.scrap}>${number(job.scrap)}</b></dd>
    </div>
    ${
      speed.cycle &&
      html`<div class="count">
        <dt>${speed.measured ? t("count.cycle") : t("count.cycle_standard")}</dt>
        <dd><b>${number(speed.cycle, speed.cycle < 10 ? 2 : 1)}</b><span>s</span></dd>
      </div>`
    }
  </dl>`;
}

function Pace({ job, speed }) {
  const signed =
    speed.ratio === null
      ? null
      : `${speed.ratio > 0 ? "+" : speed.ratio < 0 ? "−" : ""}${percent(Math.abs(speed.ratio), 1)}`;
  return html`<div class="job-pace">
    <p class="row">
      <span class="grow">
        ${
          signed !== null
            ? html`${t("job.against_standard")} <b>${signed}</b>`
            : html`${t("job.done_share")} <b>${percent(Number(job.good) / Number(job.planned))}</b>`
        }
      </span>
      ${
        speed.finish &&
        html`<span>
          ${t("job.finish_at")} <b>
            ${speed.finish - now.value < 86400000 ? clock(speed.finish) : `${day(speed.finish)} ${clock(speed.finish)}`}
          </b>
        </span>`
      }
    </p>
    <${Progress}
      good=${job.good}
      scrap=${job.scrap}
      target=${job.planned}
      mark=${speed.mark}
      label=${t("job.done_share")}
      class="tall"
    />
  </div>`;
}

/** What was reported last, while it can be taken back. */
function Last({ last, onUndo }) {
  const what = [
    last.good ? `${t("count.good")} +${number(last.good)}` : "",
    last.scrap ? `${t("count.scrap")} +${number(last.scrap)}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
  return html`<div class="job-last" role="status">
    ${icon("check")}
    <span class="grow"><b>${what}</b> <span class="nowrap">${t("report.recorded")}</span></span>
    <${Button} size="tall" icon="undo" data-testid="undo" onClick=${onUndo}>
      ${t("report.undo")} <span class="job-count-down">${Math.max(0, Math.ceil((last.until - now.value) / 1000))}</span>
    <//>
  </div>`;
}

function Waiting({ job }) {
  const text = { blocked: t("job.blocked_text"), waiting: t("job.waiting_text") }[job.state];
  return text
    ? html`<div class="notice warn">
        ${icon("clock")}
        <div><p>${text}</p>${job.blocked_by?.length > 0 && html`<small>${job.blocked_by.join(", ")}</small>`}</div>
      </div>`
    : null;
}

/** Without a network: all goes on, and nothing is lost. */
function Away() {
  if (isOnline.value) return null;
  return (
    depth.value > 0 &&
    html`<div class="notice warn" role="status" data-testid="away">
      ${icon("wifi_off")}
      <p>${t("floor.waiting", { n: depth.value })} ${t("floor.waiting_text")}</p>
    </div>`
  );
}

/** The three actions of a job that runs or pauses; the start of one that does not yet. */
function Actions({ job, onStart, onBox, onNumber, onScrap, reporting }) {
  if (!["running", "paused"].includes(job.state)) {
    return html`<div class="job-actions">
      <${Button}
        kind="primary"
        size="tall"
        icon="play"
        class="wide"
        data-testid="job-start"
        disabled=${["done", "cancelled", "skipped"].includes(job.state)}
        onClick=${onStart}
      >
        ${t("job.start")}
      <//>
    </div>`;
  }
  const box = Number(job.box_quantity) || 0;
  const primary =
    job.state === "paused"
      ? html`<${Button} kind="primary" size="tall" icon="play" class="wide" data-testid="job-start" onClick=${onStart}>
          ${t("job.resume")}
        <//>`
      : box > 0 &&
        html`<${Button}
          kind="primary"
          size="tall"
          icon="plus"
          class="wide"
          data-testid="good-plus-box"
          onClick=${onBox}
        >
          ${t("report.box", { n: number(box) })}
        <//>`;
  return html`<div class="job-actions ${primary ? "" : "two"}">
    ${primary}
    <label class="button tall report-open ${primary ? "" : "primary"}">
      ${icon("pad")}
      <span>${t("report.number")}</span>
      <input
        inputmode="none"
        autocomplete="off"
        aria-label=${t("report.number")}
        data-testid=${reporting ? undefined : "good-input"}
        value=""
        onClick=${() => onNumber()}
        onInput=${(event) => onNumber(event.currentTarget.value)}
      />
    </label>
    <${Button}
      kind="danger"
      size="tall"
      icon="warning"
      data-testid=${reporting ? undefined : "scrap-open"}
      onClick=${onScrap}
    >
      ${t("count.scrap")}
    <//>
  </div>`;
}

export function JobCard({ job, machine, picture, touches, children, ...actions }) {
  const speed = pace(job, machine.strip, now.value);
  return html`<section class="card job" data-testid="job-${job.number}-${job.op}" data-state=${job.state}>
    <${Title} job=${job} picture=${picture} />
    <${Counts} job=${job} speed=${speed} />
    <${Pace} job=${job} speed=${speed} />
    <div class="job-middle">
      ${
        job.state === "paused" &&
        html`<div class="job-paused">
          ${icon("pause")}
          <b>${machine.reason ? local(machine.reason.name) : t("job.paused")}</b>
          <span>${since(machine.since, now.value)}</span>
        </div>`
      }
      <${Away} />
      ${touches.last && html`<${Last} last=${touches.last} onUndo=${touches.undo} />`}
      <${Waiting} job=${job} />
    </div>
    ${children}
    <${Actions} job=${job} ...${actions} />
  </section>`;
}
