// The ways out of a review: each says what it will do before it is touched.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Notice } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { CorrectSheet, isCorrectable } from "/pages/floor/reviews/correct.js";
import { AssignSheet } from "/pages/floor/reviews/assign.js";

const ICONS = { accept: "check", correct: "edit", assign: "change", dismiss: "close" };

function effectsOf(way, review) {
  const first = way.other ? [t("review.effect.pause_other", { number: way.other.number, op: way.other.op })] : [];
  return [
    ...first,
    ...way.effects.map((effect) =>
      t(`review.effect.${effect}`, { machine: review.command.body.machine ?? review.machine ?? "" }),
    ),
  ].join(" ");
}

function Tile({ way, text, busy, onClick }) {
  return html`<button type="button" class="way ${way}" data-testid="review-${way}" disabled=${busy} onClick=${onClick}>
    ${icon(ICONS[way])}
    <span><b>${t(`review.${way}`)}</b><small>${text}</small></span>
  </button>`;
}

export function Ways({ review, shop, onDone }) {
  const [asked, setAsked] = useState(null);
  const close = () => setAsked(null);
  const resolve = useAction((key, way, body = {}) => post(`/production/reviews/${review.id}/${way}`, body, { key }), {
    done: (_, way) => {
      close();
      toast(t(`review.done.${way}`));
      onDone();
    },
    failed: (problem) => {
      toastProblem(problem);
      if (problem.code === "review_resolved") onDone();
    },
  });
  if (!may("leader", "quality")) return null;
  const ways = Object.fromEntries(review.ways.map((way) => [way.way, way]));
  const refusal = ways.accept?.refusal;
  return html`<section class="review-part">
    <h3>${t("review.what_now")}</h3>
    ${!ways.accept && html`<${Notice} tone="warn" title=${t("review.tablet_only")} />`}
    ${
      refusal &&
      html`<${Notice} tone="warn" title=${t("review.no_accept")} data-testid="review-refusal">${refusal.detail}<//>`
    }
    <div class="ways">
      ${
        ways.accept &&
        !refusal &&
        html`<${Tile}
          way="accept"
          text=${effectsOf(ways.accept, review)}
          busy=${resolve.busy}
          onClick=${() => resolve.go("accept")}
        />`
      }
      ${
        ways.correct &&
        isCorrectable(review.command) &&
        html`<${Tile}
          way="correct"
          text=${t("review.correct_text")}
          busy=${resolve.busy}
          onClick=${() => setAsked("correct")}
        />`
      }
      ${
        ways.assign &&
        html`<${Tile}
          way="assign"
          text=${t("review.assign_text")}
          busy=${resolve.busy}
          onClick=${() => setAsked("assign")}
        />`
      }
      ${
        ways.dismiss &&
        html`<${Tile}
          way="dismiss"
          text=${t("review.dismiss_text")}
          busy=${resolve.busy}
          onClick=${() => setAsked("dismiss")}
        />`
      }
    </div>
    <${CorrectSheet}
      open=${asked === "correct"}
      onClose=${close}
      command=${review.command}
      shop=${shop}
      busy=${resolve.busy}
      onConfirm=${(body) => resolve.go("correct", body)}
    />
    <${AssignSheet}
      open=${asked === "assign"}
      onClose=${close}
      machine=${review.machine}
      item=${review.job?.item}
      except=${review.job?.id}
      asksWhy
      busy=${resolve.busy}
      onConfirm=${(body) => resolve.go("assign", body)}
    />
    <${ReasonDialog}
      open=${asked === "dismiss"}
      onClose=${close}
      kind="correction"
      tone="danger"
      title=${t("review.dismiss_title")}
      text=${t("review.dismiss_text")}
      confirm=${t("review.dismiss")}
      busy=${resolve.busy}
      onConfirm=${(reason) => resolve.go("dismiss", { reason })}
    />
  </section>`;
}
