// The work instruction at the machine: a button that says when a revision is new to this person, and its pages, large enough for two metres.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { useAction } from "/js/lib/action.js";
import { get, post } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { me } from "/js/lib/session.js";
import { useStyle } from "/js/lib/style.js";
import { Button } from "/js/components/button.js";
import { InstructionPage } from "/js/components/instruction-page.js";
import { Sheet } from "/js/components/sheet.js";
import { toast, toastProblem } from "/js/components/toast.js";

const SWIPE = 60; // pixels

/** The instruction that a job was released with, and its confirmation: {instruction, confirm}; null where it has none. */
export function useInstruction(job) {
  const read = useResource(() => (job?.instruction ? get(`/production/jobs/${job.id}/instruction`) : null), [job?.id, me.value?.person]);
  const known = read.data;
  const confirm = useAction((key) => post(`/production/jobs/${job.id}/instruction/confirm`, {}, { key }), {
    done: (answer) => {
      read.set(answer);
      toast(t("instructions.confirmed"));
    },
    failed: toastProblem,
  });
  const fits = job?.instruction && known?.code === job.instruction && known.revision === job.instruction_revision;
  return { instruction: fits ? known : null, confirm };
}

export function InstructionButton({ instruction, onOpen }) {
  if (!instruction) return null;
  const unread = !instruction.confirmed_at;
  return html`<button type="button" class="instruction-button card ${unread ? "new" : ""}" data-testid="instruction-open" data-state=${unread ? "new" : "confirmed"} onClick=${onOpen}>
    ${icon("book")}<span class="grow"><b class="ellipsis">${unread ? t("instructions.read_me") : t("instructions.one")}</b><span class="ellipsis">${local(instruction.title)} · ${t("instructions.revision_n", { n: instruction.revision })}</span></span>${icon("next")}</button>`;
}

function Dots({ count, at }) {
  return html`<span class="instruction-dots" aria-hidden="true">${Array.from({ length: count }, (_, place) => html`<i key=${place} class=${place === at ? "on" : ""}></i>`)}</span>`;
}

/** The last page asks once to confirm a revision that is new to this person. */
export function InstructionSheet({ open, onClose, instruction, confirm }) {
  const styled = useStyle("instruction");
  const [at, setAt] = useState(0);
  const [large, setLarge] = useState(false);
  const touched = useRef(null);
  const count = instruction?.pages.length ?? 0;
  const turn = (step) => {
    setLarge(false);
    setAt((now) => Math.max(0, Math.min(count - 1, now + step)));
  };
  useEffect(() => {
    if (!open) return undefined;
    setAt(0);
    setLarge(false);
    const keys = (event) => ({ ArrowRight: () => turn(1), ArrowLeft: () => turn(-1) })[event.key]?.();
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  }, [open, count]);
  if (!instruction || !styled) return null;
  const last = at === count - 1;
  const asks = last && !instruction.confirmed_at;
  const swiped = (event) => {
    const way = event.clientX - (touched.current ?? event.clientX);
    touched.current = null;
    if (Math.abs(way) > SWIPE) turn(way < 0 ? 1 : -1);
  };
  const read = async () => {
    if (await confirm.go()) onClose();
  };
  return html`<${Sheet} open=${open} onClose=${onClose} title=${local(instruction.title)} class="instruction" data-testid="instruction-sheet"
      head=${html`<span class="instruction-number">${t("instructions.revision_n", { n: instruction.revision })}</span>`}
      footer=${html`<${Button} size="tall" icon="back" disabled=${at === 0} data-testid="instruction-back" onClick=${() => turn(-1)}>${t("instructions.previous")}<//>
        <span class="instruction-place" data-testid="instruction-place"><b>${at + 1} / ${count}</b><${Dots} count=${count} at=${at} /></span>
        ${asks ? html`<${Button} kind="primary" size="tall" icon=${confirm.waiting ? "wifi_off" : "check"} busy=${confirm.busy} data-testid="instruction-confirm" onClick=${read}>${confirm.waiting ? t("instructions.waiting") : t("instructions.confirm")}<//>`
          : last ? html`<${Button} size="tall" icon="close" onClick=${onClose}>${t("action.close")}<//>`
            : html`<${Button} kind="primary" size="tall" data-testid="instruction-next" onClick=${() => turn(1)}>${t("instructions.next")}${icon("next")}<//>`}`}>
    <div class="instruction-stage ${large ? "large" : ""}" onPointerDown=${(event) => (touched.current = event.clientX)} onPointerUp=${swiped}>
      <${InstructionPage} key=${at} page=${instruction.pages[at]} class="real" onPicture=${() => setLarge(!large)} /></div>
  <//>`;
}
