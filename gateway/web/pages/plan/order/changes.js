// The change requests of an order: what would differ, what is done already, and who decided.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { Differences } from "/pages/plan/order/words.js";

const LOOK = {
  proposed: { tone: "setup", icon: "change" },
  applied: { tone: "run", icon: "check" },
  refused: { tone: "idle", icon: "close" },
};

/** What a request says: the difference, warnings, and the pieces that are made already. */
export function ChangeBody({ change }) {
  const done = change.done.filter((one) => Number(one.good) > 0 || Number(one.scrap) > 0);
  return html`
    <${Differences} changes=${change.difference} />
    ${change.warnings.map(
      (code) => html`<${Notice} key=${code} tone="warn" icon="warning" title=${t(`change_warning.${code}`)} />`,
    )}
    <p class="change-done">
      <span class="muted">${t("change.already")}</span> ${
        done.length
          ? done.map(
              (one) =>
                html`<span key=${one.op} class="nowrap">
                  <b>${one.op}</b> ${t("count.good")} ${number(one.good)}
                  ${Number(one.scrap) > 0 ? ` · ${t("count.scrap")} ${number(one.scrap)}` : ""}
                </span>`,
            )
          : html`<span>${t("change.nothing_done")}</span>`
      }
    </p>
  `;
}

/** `changes` newest first; `person(code)` gives a name; `onDone()` after one was decided. */
export function Changes({ changes, person, onDone }) {
  const [refusing, setRefusing] = useState(null);
  const decide = useAction(
    (key, change, verb, reason) =>
      post(`/orders/changes/${change.id}/${verb}`, verb === "apply" ? { confirmed: change.warnings } : { reason }, {
        key,
      }),
    {
      done: (_, _change, verb) => {
        setRefusing(null);
        toast(t(`change_done.${verb}`));
        onDone();
      },
      failed: (problem) => {
        setRefusing(null);
        toastProblem(problem);
        onDone();
      },
    },
  );
  if (!changes.length)
    return html`<div class="card">
      <${Empty} icon="change" title=${t("change.none")} text=${t("change.none_text")} />
    </div>`;
  return html`<ul class="changes">
    ${changes.map(
      (change) => html`<li
        class="card card-body change ${change.state}"
        key=${change.id}
        data-testid="change"
        data-state=${change.state}
      >
        <header class="row wrap">
          <${Chip} tone=${LOOK[change.state].tone} icon=${LOOK[change.state].icon}>
            ${t(`change_state.${change.state}`)}
          <//>
          <b class="grow">${change.reason}</b>
          <span class="muted nowrap">
            ${change.origin === "erp" ? t("nav.erp") : person(change.by)} · ${moment(change.at)}
          </span>
        </header>
        <${ChangeBody} change=${change} />
        ${
          change.decided_at &&
          html`<p class="muted">
            ${t(`change_state.${change.state}`)} · ${person(change.decided_by)} · ${moment(change.decided_at)}
            ${change.decision ? ` · ${change.decision}` : ""}
          </p>`
        }
        ${
          change.state === "proposed" &&
          may("planner") &&
          html`<footer class="row wrap">
            <${Button} disabled=${decide.busy} data-testid="change-refuse" onClick=${() => setRefusing(change)}>
              ${t("change.refuse")}
            <//>
            <${Button}
              kind="primary"
              icon="check"
              busy=${decide.busy && !refusing}
              data-testid="change-apply"
              onClick=${() => decide.go(change, "apply")}
            >
              ${t("change.apply")}
            <//>
          </footer>`
        }
      </li>`,
    )}
    <${ReasonDialog}
      open=${refusing !== null}
      onClose=${() => setRefusing(null)}
      title=${t("change.refuse_title")}
      tone="danger"
      busy=${decide.busy}
      confirm=${t("change.refuse")}
      onConfirm=${(reason) => decide.go(refusing, "refuse", reason)}
    />
  </ul>`;
}
