// Pieces come back from a subcontractor: good and scrap by defect are one report, and with the last ones the operation
// is finished.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { FormNews } from "/js/components/form-news.js";
import { Pieces, piecesFields, typed } from "/js/components/pieces.js";
import { Sheet } from "/js/components/sheet.js";
import { useDefects } from "/pages/plan/order/defects.js";

const OVER = ["done", "skipped"];

/** Whether these pieces are the last ones: all that the operations before have given, and they give no more. */
function isLast(order, job, pieces) {
  const before = order.operations.filter((operation) => job.predecessors.includes(operation.op));
  return (
    pieces >= Number(job.planned) - Number(job.good) - Number(job.scrap) ||
    (before.length > 0 && before.every((one) => OVER.includes(one.state)) && pieces >= Number(job.ready))
  );
}

export function ReceiveSheet({ order, job, onClose, onDone }) {
  const defects = useDefects();
  const [body, setBody] = useState({ good: job.sent, scrap: [] });
  const [wanted, setWanted] = useState(null);
  const change = (part) => setBody((was) => ({ ...was, ...part }));
  const pieces = Number(body.good) + body.scrap.reduce((sum, one) => sum + Number(one.quantity), 0);
  const finishing = job.state !== "done" && (wanted ?? isLast(order, job, pieces));
  const told = ({ flags }) =>
    [t("outside.received_done", { n: number(pieces), unit: job.unit }), ...flags.map((flag) => t(`flag.${flag}`))].join(
      " · ",
    );
  const finish = useAction((key) => post(`/production/jobs/${job.id}/finish`, {}, { key }), {
    done: () => onDone(t("outside.finished", { op: job.op })),
    failed: () => {},
  });
  const receive = useAction((key) => post(`/production/jobs/${job.id}/results`, typed(body), { key }), {
    done: (answer) => (finishing ? finish.go() : onDone(told(answer), answer.flags.length > 0 && { icon: "flag" })),
    failed: () => {},
  });
  // the pieces are in the books: only the end of the operation is left
  const isReceived = finish.busy || finish.problem;
  const submit = (event) => {
    event.preventDefault();
    if (isReceived) finish.go();
    else if (pieces > 0) receive.go();
  };
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${t("outside.receive_title", { op: job.op, name: local(job.op_name) })}
    data-testid="receive-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        icon="import"
        busy=${receive.busy || finish.busy}
        disabled=${!(pieces > 0)}
        data-testid="receive-confirm"
        onClick=${submit}
      >
        ${t("outside.receive")}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${finish.problem ? finish : receive} fields=${piecesFields(body)} />
      <p class="muted">${t("outside.receive_text", { n: number(job.sent), unit: job.unit })}</p>
      <${Pieces}
        body=${body}
        change=${change}
        defects=${defects}
        decimals=${job.decimals}
        problem=${receive.problem}
      />
      ${
        job.state !== "done" &&
        html`<label class="tick">
          <input
            type="checkbox"
            checked=${finishing}
            data-testid="receive-finish"
            onChange=${(event) => setWanted(event.currentTarget.checked)}
          />
          ${t("outside.finish")}
        </label>`
      }
      <button type="submit" class="visually-hidden" tabindex="-1">${t("outside.receive")}</button>
    </form>
  <//>`;
}
