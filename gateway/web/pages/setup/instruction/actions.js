// What can be done with an instruction in its state, and by whom: nobody approves what he wrote.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { may, me } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Dialog } from "/js/components/sheet.js";
import { toast, toastProblem } from "/js/components/toast.js";

const ASKED = () => ({
  return: {
    title: t("instructions.return_title"),
    text: t("instructions.return_text"),
    confirm: t("instructions.return"),
    tone: "primary",
  },
  withdraw: {
    title: t("instructions.withdraw_title"),
    text: t("instructions.withdraw_text"),
    confirm: t("instructions.withdraw"),
    tone: "danger",
  },
  drop: {
    title: t("instructions.drop_title"),
    text: t("instructions.drop_text"),
    confirm: t("instructions.drop"),
    tone: "danger",
  },
});

export function InstructionActions({ doc, path, open, draft, save, ready, onEdit, onDone, onFailed }) {
  const [asking, setAsking] = useState(null);
  const writer = may("planner", "quality");
  const approver = may("planner", "quality", "leader");
  const author = doc.authors.includes(me.value?.person);
  const act = useAction(
    (key, command, { note, revision, version = doc.version } = {}) =>
      post(
        `${path}/${command}`,
        { ...(note ? { note } : {}), ...(revision ? { revision } : {}) },
        { key, etag: `"${version}"` },
      ),
    {
      done: (answer, command) => {
        setAsking(null);
        toast(t(`instructions_done.${command}`, { n: answer.revision }));
        onDone(answer);
      },
      failed: (problem) => {
        setAsking(null);
        toastProblem(problem);
        onFailed();
      },
    },
  );
  const submit = async () => {
    const saved = draft.dirty ? await save.go() : doc;
    if (saved) act.go("submit", { version: saved.version });
  };
  const reason = asking && ASKED()[asking];
  const answer = (note) =>
    asking === "return" ? act.go("return", { note }) : act.go("withdraw", { note, revision: doc.revision });
  return html`<div class="instruction-actions">
    ${
      open &&
      doc.state === "draft" &&
      html`<${Button}
        kind="quiet"
        class="tone-stop"
        disabled=${act.busy}
        data-testid="instruction-drop"
        onClick=${() => setAsking("drop")}
      >
        ${t("instructions.drop")}
      <//>`
    }
    ${
      open &&
      html`<${Button}
        icon=${draft.dirty ? undefined : "check"}
        busy=${save.busy}
        disabled=${!ready}
        data-testid="instruction-save"
        onClick=${() => save.go()}
      >
        ${draft.dirty ? t("action.save") : t("instructions.all_saved")}
      <//>`
    }
    ${
      open &&
      (doc.state === "draft" || draft.dirty) &&
      html`<${Button}
        kind="primary"
        busy=${act.busy && !asking}
        disabled=${save.busy || draft.conflict}
        data-testid="instruction-submit"
        onClick=${submit}
      >
        ${t("instructions.submit")}
      <//>`
    }
    ${
      doc.state === "in_review" &&
      approver &&
      html`<${Button}
        disabled=${act.busy}
        icon="undo"
        data-testid="instruction-return"
        onClick=${() => setAsking("return")}
      >
        ${author ? t("instructions.take_back") : t("instructions.return")}
      <//>`
    }
    ${
      doc.state === "in_review" &&
      (approver && !author
        ? html`<${Button}
            kind="primary"
            icon="check"
            disabled=${act.busy}
            data-testid="instruction-approve"
            onClick=${() => setAsking("approve")}
          >
            ${t("instructions.approve")}
          <//>`
        : html`<${Chip} tone="setup" icon="person">${t("instructions.waits_for_another")}<//>`)
    }
    ${
      !open &&
      doc.approved &&
      doc.state === "approved" &&
      approver &&
      html`<${Button}
        kind="quiet"
        class="tone-stop"
        disabled=${act.busy}
        data-testid="instruction-withdraw"
        onClick=${() => setAsking("withdraw")}
      >
        ${t("instructions.withdraw")}
      <//>`
    }
    ${
      !open &&
      writer &&
      ["approved", "withdrawn"].includes(doc.state) &&
      html`<${Button} kind="primary" icon="edit" data-testid="instruction-edit" onClick=${onEdit}>
        ${t("instructions.edit")}
      <//>`
    }
    <${ReasonDialog}
      open=${Boolean(reason)}
      onClose=${() => setAsking(null)}
      busy=${act.busy}
      ...${reason || {}}
      onConfirm=${answer}
    />
    <${Dialog}
      open=${asking === "approve"}
      onClose=${() => setAsking(null)}
      title=${t("instructions.approve_title", { n: doc.revision })}
      actions=${html`
        <${Button} onClick=${() => setAsking(null)}>${t("action.back")}<//>
        <${Button}
          kind="primary"
          icon="check"
          busy=${act.busy}
          data-testid="approve-confirm"
          onClick=${() => act.go("approve")}
        >
          ${t("instructions.approve")}
        <//>
      `}
    >
      <p class="muted">${t("instructions.approve_text")}</p>
    <//>
  </div>`;
}
