// The job at the machine: what it is, how far it is, and the three touches that an operator makes most. What it says
// may scroll on a low screen; what is touched stands below it and is always there.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { isOnline } from "/js/floor/connectivity.js";
import { depth } from "/js/floor/queue.js";
import { clock, day, number, percent, since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { jobDisplay, machineDisplay } from "/js/lib/display.js";
import { reports, runsJobs } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip, StateChip } from "/js/components/chip.js";
import { Picture } from "/js/components/picture.js";
import { Progress } from "/js/components/progress.js";
import { Last } from "/pages/floor/station/last.js";
import { pace } from "/pages/floor/station/pace.js";

const DAY_MS = 86400000;
const remaining = (job) => Number(job.planned) - Number(job.good) - Number(job.scrap);
/** More than the order and its tolerance, as it is now: what was taken back is not over any more. */
const isOver = (job) => Number(job.good) > Number(job.planned) * (1 + Number(job.over_tolerance_pct ?? 0) / 100);
/** The letters of a figure and of what stands small beside it, by which it fits its box. */
const fitting = (figure, beside = "") => ({ "--letters": figure.length + beside.length * 0.36 });

function Title({ job, here, picture }) {
  const isDue = Date.parse(job.due_at) < now.value;
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
          html`<${Chip} tone=${isDue ? "stop" : "idle"} icon=${isDue ? "warning" : undefined}>
            ${t("job.due", { day: day(job.due_at) })}
          <//>`
        }
        ${
          job.state !== "running" &&
          !(here && job.state === "paused") &&
          html`<${StateChip} display=${jobDisplay(job.state)} />`
        }
        ${
          job.state === "running" &&
          job.phase &&
          job.phase !== "production" &&
          html`<${Chip} tone="setup" icon="tools">${t(`phase.${job.phase}`)}<//>`
        }
        ${job.crew?.length > 1 && html`<${Chip} icon="people">${t("crew.count", { n: job.crew.length })}<//>`}
        ${short && html`<${Chip} tone="warn" icon="box">${t("job.ready_quantity", { n: number(job.ready) })}<//>`}
        ${isOver(job) && html`<${Chip} tone="warn" icon="flag">${t("job.over")}<//>`}
      </p>
    </div>
  </div>`;
}

function Counts({ job, speed }) {
  const good = number(job.good);
  const target = number(job.planned);
  const scrap = number(job.scrap);
  const cycle = speed.cycle && number(speed.cycle, speed.cycle < 10 ? 2 : 1);
  return html`<dl class="job-counts">
    <div class="count good" style=${fitting(good, `/ ${target} ${job.unit}`)}>
      <dt>${t("count.good")}</dt>
      <dd>
        <b data-testid="job-good" data-value=${job.good}>${good}</b>
        <span>/ <i data-testid="job-target" data-value=${job.planned}>${target}</i> ${job.unit}</span>
      </dd>
    </div>
    <div class="count scrap" style=${fitting(scrap)}>
      <dt>${t("count.scrap")}</dt>
      <dd><b data-testid="job-scrap" data-value=${job.scrap}>${scrap}</b></dd>
    </div>
    ${
      cycle &&
      html`<div class="count" style=${fitting(cycle, " s")}>
        <dt>${speed.measured ? t("count.cycle") : t("count.cycle_standard")}</dt>
        <dd><b>${cycle}</b><span>s</span></dd>
      </div>`
    }
  </dl>`;
}

const atTime = (time) => (time - now.value < DAY_MS ? clock(time) : `${day(time)} ${clock(time)}`);

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
        (speed.finish || speed.isLater) &&
        html`<span>${t("job.finish_at")} <b>${speed.isLater ? t("job.finish_later") : atTime(speed.finish)}</b></span>`
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

/** Why the machine stands: a touch gives it another reason while it lasts. */
function Paused({ machine, onReason }) {
  const display = machine.reason ? machineDisplay(machine.state, machine.reason) : { tone: "warn", icon: "pause" };
  return html`<div class="job-paused ${display.tone}">
    ${icon(display.icon)}
    <b class="grow">
      <span>${machine.reason ? local(machine.reason.name) : t("job.paused")}</span>
      <span class="nowrap">${since(machine.since, now.value)}</span>
    </b>
    <${Button} size="tall" icon="edit" data-testid="reason-change" onClick=${onReason}>
      ${machine.reason ? t("stops.change") : t("stops.say")}
    <//>
  </div>`;
}

/** Another job is on the machine than the one that is looked at. */
function Elsewhere({ current, onCurrent }) {
  return html`<div class="job-elsewhere" role="status" data-testid="job-elsewhere">
    ${icon("play")}
    <p class="grow">
      ${
        current.state === "running"
          ? t("station.runs", { number: current.number, op: current.op })
          : t("station.stands", { number: current.number, op: current.op })
      }
    </p>
    <${Button} size="tall" icon="back" data-testid="job-current" onClick=${onCurrent}>${t("station.show")}<//>
  </div>`;
}

/** The set-up's steps, one touch each: what follows is offered while it is the time for it. */
function Phases({ job, onPhase }) {
  if (job.state !== "running" || (job.phase ?? "production") === "production") return null;
  const next = job.phase === "setup" ? ["first_off", "production"] : ["production"];
  return html`<div class="job-phases" role="group" aria-label=${t("phase.title")}>
    <p>${icon("tools")}<b>${t(`phase.${job.phase}`)}</b></p>
    ${next.map(
      (phase) =>
        html`<${Button}
          key=${phase}
          size="tall"
          icon=${phase === "production" ? "play" : "shield"}
          data-testid="phase-${phase}"
          onClick=${() => onPhase(phase)}
        >
          ${t(`phase.${phase}`)}
        <//>`,
    )}
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

/** The start of a job: production at once, or its set-up and first piece before. */
function Start({ job, onStart }) {
  const over = ["done", "cancelled", "skipped"].includes(job.state);
  const begin = (testid, glyph, words, phase, kind = "") =>
    html`<${Button}
      kind=${kind}
      size="tall"
      icon=${glyph}
      data-testid=${testid}
      disabled=${over || !runsJobs()}
      onClick=${() => onStart(phase)}
    >
      ${words}
    <//>`;
  return html`<div class="job-actions">
    ${begin("job-start", "play", t("job.start"), undefined, "primary")}
    ${begin("start-setup", "tools", t("phase.setup"), "setup")}
    ${begin("start-first", "shield", t("phase.first_off"), "first_off")}
  </div>`;
}

/** The three actions of a job that runs or pauses; the start of one that does not yet. */
function Actions({ job, onStart, onBox, onNumber, onScrap, reporting }) {
  if (!["running", "paused"].includes(job.state)) return html`<${Start} job=${job} onStart=${onStart} />`;
  const box = Number(job.box_quantity) || 0;
  const primary =
    job.state === "paused"
      ? html`<${Button}
          kind="primary"
          size="tall"
          icon="play"
          class="wide"
          data-testid="job-start"
          disabled=${!runsJobs()}
          onClick=${() => onStart()}
        >
          ${t("job.resume")}
        <//>`
      : box > 0 &&
        html`<${Button}
          kind="primary"
          size="tall"
          icon="plus"
          class="wide"
          data-testid="good-plus-box"
          disabled=${!reports()}
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
        disabled=${!reports()}
        onClick=${() => onNumber()}
        onInput=${(event) => onNumber(event.currentTarget.value)}
      />
    </label>
    <${Button}
      kind="danger"
      size="tall"
      icon="warning"
      data-testid=${reporting ? undefined : "scrap-open"}
      disabled=${!reports()}
      onClick=${onScrap}
    >
      ${t("count.scrap")}
    <//>
  </div>`;
}

export function JobCard({ job, current, machine, picture, recorder, onCurrent, onReason, onPhase, children, ...on }) {
  const here = job.id === (current?.id ?? job.id);
  const shiftEnds = machine.shift ? Date.parse(machine.shift.to) : null;
  const speed = pace(job, here ? machine.strip : [], shiftEnds, now.value);
  return html`<section class="card job" data-testid="job-${job.number}-${job.op}" data-state=${job.state}>
    <div class="job-said" tabindex="0">
      <${Title} job=${job} here=${here} picture=${picture} />
      <${Counts} job=${job} speed=${speed} />
      <${Pace} job=${job} speed=${speed} />
      <div class="job-middle"><${Away} /><${Waiting} job=${job} /></div>
      ${children}
    </div>
    ${!here && html`<${Elsewhere} current=${current} onCurrent=${onCurrent} />`}
    ${here && job.state === "paused" && html`<${Paused} machine=${machine} onReason=${onReason} />`}
    <${Phases} job=${job} onPhase=${onPhase} />
    <${Last} recorder=${recorder} />
    <${Actions} job=${job} ...${on} />
  </section>`;
}
