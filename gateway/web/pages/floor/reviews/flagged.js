// Results at which somebody should look: one touch says that one has.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { contentOf, ScrapPictures } from "/pages/floor/reviews/words.js";

const AT_ONCE = 200;

function countFlags(results) {
  const counts = {};
  for (const result of results) for (const flag of result.flags) counts[flag] = (counts[flag] ?? 0) + 1;
  return Object.entries(counts).sort(([, a], [, b]) => b - a);
}

function Row({ result, shop, busy, onSeen }) {
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
        ${result.person ? shop.person(result.person) : ""} · ${result.machine ?? ""} · ${moment(result.at)}
      </span>
      <${ScrapPictures} scrap=${result.scrap} words=${shop.words} />
    </span>
    <span class="flagged-flags">
      ${result.flags.map((flag) => html`<${Chip} key=${flag} tone="warn" icon="flag">${t(`flag.${flag}`)}<//>`)}
    </span>
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

export function Flagged({ data, shop, reload }) {
  const [flag, setFlag] = useState("");
  const seen = useAction((key, results) => post("/production/reviews/flagged/acknowledge", { results }, { key }), {
    done: (answer) => {
      toast(t("review.seen_done", { n: answer.acknowledged }));
      reload();
    },
    failed: toastProblem,
  });
  const counts = countFlags(data.flagged);
  const chosen = counts.some(([name]) => name === flag) ? flag : "";
  const shown = data.flagged.filter((result) => !chosen || result.flags.includes(chosen));
  const batch = shown.slice(0, AT_ONCE).map((result) => result.id);
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
    <ol class="card flagged-list">
      ${shown.map(
        (result) => html`<${Row} key=${result.id} result=${result} shop=${shop} busy=${seen.busy} onSeen=${seen.go} />`,
      )}
    </ol>
  `;
}
