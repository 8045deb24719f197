// Another job for what was made: those of the same machine and item first.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { jobDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { Search } from "/js/components/field.js";
import { ReasonField } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";

const STATES = "running,paused,ready,waiting,blocked,done";
const MOST = 400;
const SHOWN = 40;
const fold = (text) => text.normalize("NFKC").toLowerCase();

function Job({ job, chosen, onPick }) {
  return html`<li>
    <button
      type="button"
      class="job-row"
      aria-pressed=${chosen}
      data-testid="assign-${job.number}-${job.op}"
      onClick=${() => onPick(job.id)}
    >
      <span class="grow">
        <b class="ellipsis">${job.number} · ${job.op} ${local(job.op_name)}</b>
        <span class="ellipsis">${local(job.item_name)} · ${job.machine ?? ""}</span>
      </span>
      <span class="num">${number(job.good)} / ${number(job.planned)}</span>
      <${StateChip} display=${jobDisplay(job.state)} />
    </button>
  </li>`;
}

/** `onConfirm({job, reason?})`; `asksWhy`: a reason is needed. */
export function AssignSheet({
  open,
  onClose,
  title = t("review.assign"),
  machine,
  item,
  except,
  asksWhy = false,
  busy,
  onConfirm,
}) {
  const [text, setText] = useState("");
  const [job, setJob] = useState(null);
  const [reason, setReason] = useState("");
  const jobs = useResource(async () => (open ? all("/production/jobs", { state: STATES }, MOST) : undefined), [open]);
  useEffect(() => {
    if (!open) return;
    setText("");
    setJob(null);
    setReason("");
  }, [open]);
  const likely = (one) => (one.item === item ? 2 : 0) + (one.machine === machine ? 1 : 0);
  const found = (jobs.data ?? [])
    .filter(
      (one) =>
        one.id !== except &&
        fold(`${one.number} ${one.item} ${local(one.item_name)} ${local(one.op_name)} ${one.machine ?? ""}`).includes(
          fold(text.trim()),
        ),
    )
    .map((one, index) => ({ one, index, rank: likely(one) }))
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
    .slice(0, SHOWN);
  const ready = job && (!asksWhy || reason.trim());
  const confirm = () => onConfirm(asksWhy ? { job, reason: reason.trim() } : { job });
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${title}
    class="review-sheet"
    footer=${html`
      ${
        asksWhy &&
        html`<div class="grow form">
          <${ReasonField} kind="correction" value=${reason} data-testid="assign-reason" onInput=${setReason} />
        </div>`
      }
      <${Button}
        kind="primary"
        size="tall"
        busy=${busy}
        disabled=${!ready}
        data-testid="assign-confirm"
        onClick=${confirm}
      >
        ${t("review.assign_confirm")}
      <//>
    `}
  >
    <${Search} value=${text} onInput=${setText} placeholder=${t("review.find_job")} />
    ${jobs.error && !jobs.data && html`<${Problem} error=${jobs.error} retry=${jobs.load} />`}
    ${!jobs.data && !jobs.error && html`<${Skeleton} rows="5" height="64" />`}
    <ol class="job-rows">
      ${found.map(({ one }) => html`<${Job} key=${one.id} job=${one} chosen=${one.id === job} onPick=${setJob} />`)}
    </ol>
    ${jobs.data && !found.length && html`<p class="muted">${t("picker.none")}</p>`}
  <//>`;
}
