// A finished operation is opened again: finished too early, or more is wanted. Who starts it at the machine goes on.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { local, t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";

const OPENABLE = ["released", "in_progress", "completed"];

/** `job` is the id of the operation's job. Nothing for who may not, and where there is nothing to take up. */
export function TakeUp({ order, operation, job, onDone }) {
  const [asking, setAsking] = useState(false);
  const reopen = useAction((key, reason) => post(`/production/jobs/${job}/reopen`, { reason }, { key }), {
    done: () => {
      setAsking(false);
      toast(t("again.done", { op: operation.op }));
      onDone();
    },
    failed: (problem) => {
      setAsking(false);
      toastProblem(problem);
      onDone();
    },
  });
  if (!job || operation.state !== "done" || !OPENABLE.includes(order.state) || !may("leader", "planner")) return null;
  return html`<div class="take-up">
    <${Button} size="small" icon="undo" data-testid="take-up-${operation.op}" onClick=${() => setAsking(true)}>
      ${t("again.open")}
    <//>
    <${ReasonDialog}
      open=${asking}
      onClose=${() => setAsking(false)}
      busy=${reopen.busy}
      title=${t("again.title", { op: operation.op, name: local(operation.name) })}
      text=${t("again.text")}
      confirm=${t("again.open")}
      onConfirm=${(reason) => reopen.go(reason)}
    />
  </div>`;
}
