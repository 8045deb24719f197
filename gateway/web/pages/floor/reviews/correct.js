// Another content for a command: the pieces, the machine and the reason, or the note. What is not asked about stays as
// it was.
import { html, useEffect, useState } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Field, choices } from "/js/components/field.js";
import { Pieces, typed } from "/js/components/pieces.js";
import { ReasonField } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";

const PIECES = ["result", "unassigned"];
const MOVES = ["start", "resume", "pause", "finish"];
const NOTES = ["handover"];
/** Whether there is something about it that a leader can correct. */
export const isCorrectable = (command) => [...PIECES, ...MOVES, ...NOTES].includes(command.kind);

function Move({ kind, body, change, shop }) {
  const machines = Object.fromEntries(shop.words.machines.map((code) => [code, code]));
  return html`
    ${
      kind === "start" &&
      html`<${Field}
        label=${t("review.content.machine")}
        value=${body.machine ?? ""}
        options=${choices(machines, body.machine)}
        onInput=${(machine) => change({ machine })}
      />`
    }
    ${
      kind === "pause" &&
      html`<${Field}
        label=${t("review.content.reason")}
        value=${body.reason ?? ""}
        options=${[{ value: "", label: t("fact.choose") }, ...choices(shop.words.reasons, body.reason)]}
        onInput=${(reason) => change({ reason })}
      />`
    }
  `;
}

export function CorrectSheet({ open, onClose, command, shop, busy, onConfirm }) {
  const [body, setBody] = useState(command.body);
  const [reason, setReason] = useState("");
  useEffect(() => {
    if (open) setBody(command.body);
    if (open) setReason("");
  }, [open]);
  const change = (part) => setBody((was) => ({ ...was, ...part }));
  const confirm = () => onConfirm({ body: typed(body), reason: reason.trim() });
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${t("review.correct")}
    class="review-sheet"
    footer=${html`<${Button}
      kind="primary"
      size="tall"
      busy=${busy}
      disabled=${!reason.trim()}
      data-testid="correct-confirm"
      onClick=${confirm}
    >
      ${t("review.correct_confirm")}
    <//>`}
  >
    <div class="form">
      ${
        PIECES.includes(command.kind) &&
        html`<${Pieces}
          body=${body}
          change=${change}
          defects=${shop.words.defects}
          rework=${command.kind === "result"}
        />`
      }
      ${
        MOVES.includes(command.kind) &&
        html`<${Move} kind=${command.kind} body=${body} change=${change} shop=${shop} />`
      }
      ${
        NOTES.includes(command.kind) &&
        html`<${Field}
          label=${t("review.content.note")}
          rows="4"
          maxlength="2000"
          value=${body.note ?? ""}
          onInput=${(note) => change({ note })}
        />`
      }
      <${ReasonField} kind="correction" value=${reason} data-testid="correct-reason" onInput=${setReason} />
    </div>
  <//>`;
}
