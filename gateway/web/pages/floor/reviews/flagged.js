// Results at which somebody should look, those of one kind together: one touch says that one has. A wrong one is taken
// back where it stands.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { byFlags } from "/pages/floor/reviews/groups.js";
import { contentOf, ScrapPictures } from "/pages/floor/reviews/labels.js";

const AT_ONCE = 200;
/** So many of one kind are shown without being asked for. */
const FEW = 3;
const SHOWN = 50;

function countFlags(results) {
  const counts = {};
  for (const result of results) for (const flag of result.flags) counts[flag] = (counts[flag] ?? 0) + 1;
  return Object.entries(counts).sort(([, a], [, b]) => b - a);
}

const Flags = ({ flags }) =>
  html`<span class="flagged-flags">
    ${flags.map((flag) => html`<${Chip} key=${flag} tone="warn" icon="flag">${t(`flag.${flag}`)}<//>`)}
  </span>`;

function Row({ result, shop, busy, onSeen, onReverse }) {
  const made = contentOf({ good: result.good, scrap: result.scrap, rework: result.rework }, shop.words)
    .map(([name, value]) => `${name} ${value}`)
    .join(" · ");
  return html`<li class="flagged-row" data-testid="flagged-${result.id}">
    <span class="grow">
      <b>${made}</b>
      <span>
        <a href="/orders/${encodeURIComponent(result.number)}">${result.number}</a> · ${local(
          result.op_name,
        )} · ${local(result.item_name)} · ${t("review.of_planned", {
          good: number(result.job_good),
          planned: number(result.planned),
        })}
      </span>
      <span class="muted">
        ${[result.person && shop.person(result.person), result.machine, moment(result.at)].filter(Boolean).join(" · ")}
      </span>
      <${ScrapPictures} scrap=${result.scrap} words=${shop.words} />
    </span>
    <${Button}
      kind="quiet"
      size="tall"
      icon="undo"
      disabled=${busy}
      data-testid="flagged-reverse"
      onClick=${() => onReverse(result)}
    >
      ${t("results.reverse")}
    <//>
    <${Button}
      size="tall"
      icon="check"
      disabled=${busy}
      data-testid="flagged-seen"
      onClick=${() => onSeen([result.id])}
    >
      ${t("review.seen")}
    <//>
  </li>`;
}

/** Whom and what a group is about, in one line. */
function about(results, shop) {
  const some = (values) => {
    const different = [...new Set(values.filter(Boolean))];
    return different.length > FEW ? `${different.slice(0, FEW).join(", ")} …` : different.join(", ");
  };
  return [some(results.map((one) => one.machine)), some(results.map((one) => one.person && shop.person(one.person)))]
    .filter(Boolean)
    .join(" · ");
}

function Group({ group, shop, busy, onSeen, onReverse }) {
  const { flags, results } = group;
  const [open, setOpen] = useState(null);
  const [most, setMost] = useState(SHOWN);
  const isOpen = open ?? results.length <= FEW;
  const batch = results.slice(0, AT_ONCE).map((result) => result.id);
  return html`<section class="card flagged-group" data-testid="flagged-group-${flags.join("-")}">
    <header>
      <button type="button" class="flagged-fold" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>
        ${icon(isOpen ? "up" : "down")}
        <b>${t("review.n_reports", { n: number(results.length) })}</b>
        <${Flags} flags=${flags} />
        <span class="muted ellipsis">${about(results, shop)}</span>
      </button>
      ${
        results.length > 1 &&
        html`<${Button}
          icon="check"
          disabled=${busy}
          data-testid="flagged-group-seen"
          onClick=${() => onSeen(batch)}
        >
          ${t("review.seen_all", { n: batch.length })}
        <//>`
      }
    </header>
    ${
      isOpen &&
      html`<ol class="flagged-list">
        ${results.slice(0, most).map(
          (result) =>
            html`<${Row}
                key=${result.id}
                result=${result}
                shop=${shop}
                busy=${busy}
                onSeen=${onSeen}
                onReverse=${onReverse}
              />`,
        )}
        ${
          results.length > most &&
          html`<li class="list-more">
            <${Button} kind="quiet" onClick=${() => setMost(most + SHOWN)}>${t("orders.more")}<//>
          </li>`
        }
      </ol>`
    }
  </section>`;
}

export function Flagged({ data, shop, reload }) {
  const [flag, setFlag] = useState("");
  const [reversed, setReversed] = useState(null);
  const seen = useAction((key, ids) => post("/production/reviews/flagged/acknowledge", { result_ids: ids }, { key }), {
    done: (answer) => {
      toast(t("review.seen_done", { n: answer.acknowledged }));
      reload();
    },
    failed: toastProblem,
  });
  const reverse = useAction(
    (key, result, reason) => post(`/production/results/${result.id}/reverse`, { reason }, { key }),
    {
      done: () => {
        setReversed(null);
        toast(t("results.reversed_done"));
        reload();
      },
      failed: (problem) => {
        setReversed(null);
        toastProblem(problem);
        reload();
      },
    },
  );
  const counts = countFlags(data.flagged);
  const chosen = counts.some(([name]) => name === flag) ? flag : "";
  const shown = data.flagged.filter((result) => !chosen || result.flags.includes(chosen));
  const batch = shown.slice(0, AT_ONCE).map((result) => result.id);
  const busy = seen.busy || reverse.busy;
  if (!data.flagged.length)
    return html`<div class="card">
      <${Empty} icon="check" title=${t("review.none_flagged")} text=${t("review.none_flagged_text")} />
    </div>`;
  return html`
    <div class="filters flagged-filters">
      <${Pills}
        label=${t("review.flagged")}
        value=${chosen}
        onChange=${setFlag}
        options=${[
          { value: "", label: t("review.every"), count: data.flagged.length },
          ...counts.map(([name, count]) => ({ value: name, label: t(`flag.${name}`), count })),
        ]}
      />
      <${Button} icon="check" busy=${seen.busy} data-testid="flagged-all" onClick=${() => seen.go(batch)}>
        ${t("review.seen_all", { n: batch.length })}
      <//>
    </div>
    ${byFlags(shown).map(
      (group) =>
        html`<${Group}
          key=${group.flags.join()}
          group=${group}
          shop=${shop}
          busy=${busy}
          onSeen=${seen.go}
          onReverse=${setReversed}
        />`,
    )}
    <${ReasonDialog}
      open=${reversed !== null}
      onClose=${() => setReversed(null)}
      kind="correction"
      tone="danger"
      busy=${reverse.busy}
      title=${t("results.reverse_title")}
      text=${
        reversed &&
        t("results.reverse_text", {
          good: number(reversed.good),
          scrap: number(reversed.scrap.reduce((sum, one) => sum + Number(one.quantity), 0)),
        })
      }
      confirm=${t("results.reverse")}
      onConfirm=${(reason) => reverse.go(reversed, reason)}
    />
  `;
}
