// Commands that a tablet could not get done: the list, and the one that is looked at.
import { html, useEffect } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { now } from "/js/lib/clock.js";
import { duration } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { hash, navigate } from "/js/lib/router.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Button } from "/js/components/button.js";
import { Detail } from "/pages/floor/reviews/detail.js";
import { kindDisplay } from "/pages/floor/reviews/labels.js";

/** How long ago something was touched. */
export function ago(moment) {
  const passed = now.value - new Date(moment);
  return passed < 60000 ? t("review.just_now") : t("review.ago", { time: duration(passed) });
}
/** What a command was about, in one line. */
export const about = (review) =>
  review.job ? `${review.job.number} · ${local(review.job.op_name)}` : t("review.no_job");

function Row({ review, chosen, shop }) {
  const display = kindDisplay(review.command.kind);
  return html`<li>
    <a
      class="review-row"
      href="/reviews#${review.id}"
      aria-current=${chosen ? "true" : undefined}
      data-testid="review-${review.id}"
    >
      <span class="review-icon">${icon(display.icon)}</span>
      <span class="grow">
        <b class="ellipsis">${display.label} · ${shop.person(review.command.person ?? review.sent_by)}</b>
        <span class="ellipsis">${about(review)}</span>
        <small class="ellipsis">${review.problem.title}</small>
      </span>
      <span class="review-when"><b>${review.machine ?? ""}</b><small>${ago(review.command.at)}</small></span>
    </a>
  </li>`;
}

function Chosen({ id, shop, reload, pulse }) {
  const review = useResource(() => get(`/production/reviews/${id}`), [id, pulse], { worded: true });
  if (review.error && !review.data) return html`<${Problem} error=${review.error} retry=${review.load} />`;
  if (review.data?.id !== id) return html`<div class="card-body"><${Skeleton} rows="6" height="56" /></div>`;
  return html`<${Detail} review=${review.data} shop=${shop} onDone=${reload} />`;
}

const isPhone = () => matchMedia("(max-width: 900px)").matches;

export function Queue({ data, shop, reload }) {
  const { open } = data;
  const wanted = hash.value.slice(1);
  const id = wanted || (isPhone() ? "" : open[0]?.id);
  useEffect(() => {
    if (wanted) scrollTo(0, 0);
  }, [wanted]);
  const done = () => {
    if (wanted) navigate("/reviews", { replace: true });
    reload();
  };
  if (!open.length && !wanted)
    return html`<div class="card">
      <${Empty} icon="check" title=${t("review.none")} text=${t("review.none_text")} />
    </div>`;
  return html`<div class="reviews ${wanted ? "has-chosen" : ""}">
    <ol class="card review-list" aria-label=${t("review.queue")}>
      ${open.map(
        (review) => html`<${Row} key=${review.id} review=${review} chosen=${review.id === id} shop=${shop} />`,
      )}
    </ol>
    ${
      id &&
      html`<section class="card review-detail" aria-live="polite">
        <${Button} kind="quiet" icon="back" class="review-back" href="/reviews">${t("review.all")}<//>
        <${Chosen} key=${id} id=${id} shop=${shop} reload=${done} pulse=${open} />
      </section>`
    }
  </div>`;
}
