// Another content for a command: the pieces, the machine and the reason, or the note. What is not asked about stays as it was.
import { html, useEffect, useState } from "/js/lib/html.js";
import { decimal } from "/js/lib/fields.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { ReasonField } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";

const PIECES = ["result", "unassigned"];
const MOVES = ["start", "resume", "pause", "finish"];
const NOTES = ["handover"];
/** Whether there is something about it that a leader can correct. */
export const isCorrectable = (command) => [...PIECES, ...MOVES, ...NOTES].includes(command.kind);

const named = (byCode) => Object.entries(byCode).map(([code, name]) => ({ value: code, label: name }));
const among = (options, value) => (value && !options.some((one) => one.value === value) ? [{ value, label: value }, ...options] : options);

function Pieces({ body, change, shop, rework }) {
  const scrap = body.scrap ?? [];
  const row = (index, entry) => change({ scrap: scrap.map((one, at) => (at === index ? { ...one, ...entry } : one)) });
  return html`<div class="form two"><${Field} label=${t("count.good")} value=${String(body.good ?? "")} inputmode="decimal" data-testid="correct-good" onInput=${(text) => change({ good: decimal(text) })} />
      ${rework && html`<${Field} label=${t("count.rework")} value=${String(body.rework ?? "")} inputmode="decimal" onInput=${(text) => change({ rework: decimal(text) })} />`}</div>
    ${scrap.map((entry, index) => html`<div class="correct-scrap" key=${index}>
      <${Field} label=${t("review.content.scrap")} value=${entry.defect} options=${among(named(shop.words.defects), entry.defect)} data-testid="correct-defect" onInput=${(defect) => row(index, { defect })} />
      <${Field} label=${t("review.content.quantity")} value=${String(entry.quantity)} inputmode="decimal" onInput=${(text) => row(index, { quantity: decimal(text) })} />
      <${Button} kind="quiet" icon="trash" aria-label=${t("fact.remove")} onClick=${() => change({ scrap: scrap.filter((_, at) => at !== index) })} /></div>`)}
    <${Button} icon="plus" class="correct-add" onClick=${() => change({ scrap: [...scrap, { defect: Object.keys(shop.words.defects)[0] ?? "", quantity: "1" }] })}>${t("review.add_scrap")}<//>`;
}

function Move({ kind, body, change, shop }) {
  const machines = shop.words.machines.map((code) => ({ value: code, label: code }));
  return html`${kind === "start" && html`<${Field} label=${t("review.content.machine")} value=${body.machine ?? ""} options=${among(machines, body.machine)} onInput=${(machine) => change({ machine })} />`}
    ${kind === "pause" && html`<${Field} label=${t("review.content.reason")} value=${body.reason ?? ""} options=${[{ value: "", label: t("fact.choose") }, ...among(named(shop.words.reasons), body.reason)]} onInput=${(reason) => change({ reason })} />`}`;
}

/** The body as the API takes it: what was emptied is left out. */
const cleaned = (body) => Object.fromEntries(Object.entries(body).filter(([name, value]) => value !== "" || name === "good").map(([name, value]) => [name, name === "good" ? value || "0" : value]));

export function CorrectSheet({ open, onClose, command, shop, busy, onConfirm }) {
  const [body, setBody] = useState(command.body);
  const [reason, setReason] = useState("");
  useEffect(() => {
    if (open) setBody(command.body);
    if (open) setReason("");
  }, [open]);
  const change = (part) => setBody((was) => ({ ...was, ...part }));
  const confirm = () => onConfirm({ body: cleaned(body), reason: reason.trim() });
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("review.correct")} class="review-sheet" footer=${html`<${Button} kind="primary" size="tall" busy=${busy} disabled=${!reason.trim()} data-testid="correct-confirm" onClick=${confirm}>${t("review.correct_confirm")}<//>`}>
    <div class="form">
      ${PIECES.includes(command.kind) && html`<${Pieces} body=${body} change=${change} shop=${shop} rework=${command.kind === "result"} />`}
      ${MOVES.includes(command.kind) && html`<${Move} kind=${command.kind} body=${body} change=${change} shop=${shop} />`}
      ${NOTES.includes(command.kind) && html`<${Field} label=${t("review.content.note")} rows="4" maxlength="2000" value=${body.note ?? ""} onInput=${(note) => change({ note })} />`}
      <${ReasonField} kind="correction" value=${reason} data-testid="correct-reason" onInput=${setReason} />
    </div>
  <//>`;
}
