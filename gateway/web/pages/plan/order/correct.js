// What a report should have said, and why it did not: it is taken back, and a new one stands for it.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Pieces, piecesFields, typed } from "/js/components/pieces.js";
import { ReasonField } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";
import { useDefects } from "/pages/plan/order/defects.js";

/** `result` as the ledger has it; `onDone(answer)`. */
export function CorrectSheet({ order, result, person, onClose, onDone }) {
  const defects = useDefects();
  const [body, setBody] = useState({ good: result.good, scrap: result.scrap, rework: result.rework });
  const [target, setTarget] = useState(String(result.rework_op ?? result.op));
  const [reason, setReason] = useState("");
  const change = (part) => setBody((was) => ({ ...was, ...part }));
  const said = () => ({
    ...typed(body),
    ...(Number(body.rework) > 0 && Number(target) !== result.op && { rework_op: Number(target) }),
    reason: reason.trim(),
  });
  const correct = useAction((key) => post(`/production/results/${result.id}/correct`, said(), { key }), {
    done: onDone,
    failed: () => {},
  });
  const isReady = Boolean(reason.trim());
  const submit = (event) => {
    event.preventDefault();
    if (isReady) correct.go();
  };
  const wrong = (field) => correct.problem?.field?.(field);
  const targets = order.operations
    .filter((one) => !one.skip && one.op <= result.op)
    .map((one) => ({
      value: String(one.op),
      label: one.op === result.op ? t("correct.here", { op: one.op }) : `${one.op} ${local(one.name)}`,
    }));
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${t("correct.title")}
    data-testid="correct-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        icon="edit"
        busy=${correct.busy}
        disabled=${!isReady}
        data-testid="correct-confirm"
        onClick=${submit}
      >
        ${t("correct.confirm")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${correct} fields=${[...piecesFields(body), "rework_op", "reason"]} />
      <p>
        ${[moment(result.at), t("job.op", { op: result.op }), result.machine, result.person && person(result.person)]
          .filter(Boolean)
          .join(" · ")}
        <br />
        <span class="muted">${t("correct.text")}</span>
      </p>
      <${Pieces} body=${body} change=${change} defects=${defects} rework problem=${correct.problem}>
        ${
          Number(body.rework) > 0 &&
          targets.length > 1 &&
          html`<${Field}
            label=${t("correct.rework_op")}
            value=${target}
            options=${targets}
            onInput=${setTarget}
            error=${wrong("rework_op")}
          />`
        }
      <//>
      <${ReasonField}
        kind="correction"
        value=${reason}
        onInput=${setReason}
        error=${wrong("reason")}
        data-testid="correct-reason"
      />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("correct.confirm")}</button>
    </form>
  <//>`;
}
