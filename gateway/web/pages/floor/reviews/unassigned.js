// Pieces made without an order: a leader says where they belong.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Empty } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { AssignSheet } from "/pages/floor/reviews/assign.js";
import { ago } from "/pages/floor/reviews/queue.js";
import { contentOf, ScrapPictures } from "/pages/floor/reviews/words.js";

function Card({ entry, shop, onAsk }) {
  const content = contentOf({ good: entry.good, scrap: entry.scrap, item: entry.item, note: entry.note }, shop.words);
  return html`<article class="card unassigned" data-testid="unassigned-${entry.id}">
    <header>
      <h2>${entry.machine}</h2>
      <span>${shop.person(entry.person)}</span>
      <span class="muted">${moment(entry.at)} · ${ago(entry.at)}</span>
    </header>
    <div>
      <dl class="facts">${content.map(([name, value]) => html`<dt key=${name}>${name}</dt><dd>${value}</dd>`)}</dl>
      <${ScrapPictures} scrap=${entry.scrap} words=${shop.words} />
    </div>
    <footer>
      <${Button}
        kind="primary"
        size="tall"
        icon="change"
        data-testid="unassigned-assign"
        onClick=${() => onAsk("assign", entry)}
      >
        ${t("review.assign_to")}
      <//>
      <${Button} size="tall" icon="close" data-testid="unassigned-dismiss" onClick=${() => onAsk("dismiss", entry)}>
        ${t("review.dismiss_pieces")}
      <//>
    </footer>
  </article>`;
}

export function Unassigned({ data, shop, reload }) {
  const [asked, setAsked] = useState({ way: null, entry: null });
  const close = () => setAsked((was) => ({ ...was, way: null }));
  const resolve = useAction(
    (key, way, body) => post(`/production/unassigned/${asked.entry.id}/${way}`, body, { key }),
    {
      done: (_, way) => {
        close();
        toast(t(`review.done.${way}`));
        reload();
      },
      failed: (problem) => {
        toastProblem(problem);
        reload();
      },
    },
  );
  if (!data.unassigned.length)
    return html`<div class="card">
      <${Empty} icon="check" title=${t("review.none_unassigned")} text=${t("review.none_unassigned_text")} />
    </div>`;
  return html`
    <div class="unassigned-list">
      ${data.unassigned.map(
        (entry) =>
          html`<${Card}
            key=${entry.id}
            entry=${entry}
            shop=${shop}
            onAsk=${(way, one) => setAsked({ way, entry: one })}
          />`,
      )}
    </div>
    <${AssignSheet}
      open=${asked.way === "assign"}
      onClose=${close}
      title=${t("review.assign_to")}
      machine=${asked.entry?.machine}
      item=${asked.entry?.item}
      busy=${resolve.busy}
      onConfirm=${(body) => resolve.go("assign", body)}
    />
    <${ReasonDialog}
      open=${asked.way === "dismiss"}
      onClose=${close}
      kind="correction"
      tone="danger"
      title=${t("review.dismiss_pieces_title")}
      text=${t("review.unassigned_dismiss_text")}
      confirm=${t("review.dismiss_pieces")}
      busy=${resolve.busy}
      onConfirm=${(reason) => resolve.go("dismiss", { reason })}
    />
  `;
}
