// One command: what was touched, why it could not be done, and the ways out; or what became of it.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { moment } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { jobDisplay } from "/js/lib/display.js";
import { Chip, StateChip } from "/js/components/chip.js";
import { Notice } from "/js/components/feedback.js";
import { Ways } from "/pages/floor/reviews/ways.js";
import { contentOf, kindDisplay, ScrapPictures } from "/pages/floor/reviews/words.js";

export const RESOLUTIONS = {
  accepted: { tone: "run", icon: "check" },
  corrected: { tone: "setup", icon: "edit" },
  assigned: { tone: "setup", icon: "change" },
  dismissed: { tone: "idle", icon: "close" },
};
/** How a review was resolved: tone, icon and label. */
export const resolutionDisplay = (resolution) => ({
  ...RESOLUTIONS[resolution],
  label: t(`review.state.${resolution}`),
});

function Facts({ lines }) {
  return html`<dl class="facts">
    ${lines.filter(([, value]) => value).map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${value}</dd>`)}
  </dl>`;
}

function Job({ job }) {
  return html`<p class="review-job">
    <a href="/orders/${encodeURIComponent(job.number)}"><b>${job.number}</b></a>
    <span>${job.op} ${local(job.op_name)}</span>
    <span class="muted">${local(job.item_name)}</span>
    <${StateChip} display=${jobDisplay(job.state)} />
  </p>`;
}

function Outcome({ review, shop }) {
  const { outcome } = review;
  return html`<section class="review-part">
    <h3>${t("review.became")}</h3>
    <p class="row wrap">
      <${StateChip} display=${resolutionDisplay(review.resolution)} />
      <span>${t("review.by", { person: shop.person(review.resolved_by), time: moment(review.resolved_at) })}</span>
    </p>
    ${
      outcome?.number &&
      html`<p class="review-job">
        <a href="/orders/${encodeURIComponent(outcome.number)}"><b>${outcome.number}</b></a>
        <span>${t("job.op", { op: outcome.op })}</span>
      </p>`
    }
    ${review.reason && html`<p>${review.reason}</p>`}
    ${review.done_body && html`<${Facts} lines=${contentOf(review.done_body, shop.words, shop.person)} />`}
    ${
      outcome?.flags.length > 0 &&
      html`<p class="row wrap">
        ${outcome.flags.map((flag) => html`<${Chip} key=${flag} tone="warn" icon="flag">${t(`flag.${flag}`)}<//>`)}
      </p>`
    }
  </section>`;
}

/** `onDone()` when it was resolved. */
export function Detail({ review, shop, onDone }) {
  const { command, job, problem } = review;
  const display = kindDisplay(command.kind);
  const person = command.person ?? review.sent_by;
  const device = review.device && shop.device(review.device);
  const content = contentOf(command.body, shop.words, shop.person);
  return html`<article class="review" data-testid="review-detail" data-state=${review.state}>
    <header class="review-head"><span class="review-icon">${icon(display.icon)}</span><h2>${display.label}</h2></header>
    <section class="review-part">
      ${job && html`<${Job} job=${job} />`}
      <${Facts}
        lines=${[
          [t("review.who"), shop.person(person)],
          [t("review.sent_by"), review.sent_by === person ? "" : shop.person(review.sent_by)],
          [t("review.when"), moment(command.at)],
          [t("review.where"), [review.machine, device].filter(Boolean).join(" · ")],
          ...content.filter(([, value]) => value !== review.machine),
        ]}
      />
      <${ScrapPictures} scrap=${command.body.scrap} words=${shop.words} />
    </section>
    <${Notice}
      tone=${review.state === "open" ? "stop" : "idle"}
      icon="warning"
      title=${problem.title}
      data-testid="review-why"
    >
      ${problem.detail === problem.title ? "" : problem.detail}
      ${
        problem.errors.length > 1 &&
        html`<ul>${problem.errors.map((error) => html`<li key=${error.field}>${error.message}</li>`)}</ul>`
      }
    <//>
    ${
      review.state === "open"
        ? html`<${Ways} review=${review} shop=${shop} onDone=${onDone} />`
        : html`<${Outcome} review=${review} shop=${shop} />`
    }
  </article>`;
}
