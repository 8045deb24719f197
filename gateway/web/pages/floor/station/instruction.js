// The work instruction at the machine: its pages, large enough for two metres, and that this person has read them.
import { html, useEffect, useRef, useState } from "/js/lib/html.js";
import { confirmInstruction } from "/js/floor/commands.js";
import { readInstruction } from "/js/floor/instructions.js";
import { commands, counts } from "/js/floor/queue.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { me } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { InstructionPage } from "/js/components/instruction-page.js";
import { Sheet } from "/js/components/sheet.js";
import { toast } from "/js/components/toast.js";
import { record } from "/pages/floor/station/recorder.js";

const SWIPE = 60; // pixels

/**
 * The instruction that a job was released with, and its confirmation: {instruction, confirm}; null where it has none.
 */
export function useInstruction(job, machine) {
  const person = me.value?.person;
  const read = useResource(() => (job?.instruction ? readInstruction(job, person) : null), [job?.id, person]);
  const known = read.data;
  const confirm = async () => {
    if (await record(confirmInstruction(job, machine))) toast(t("instructions.confirmed"));
  };
  if (!job?.instruction || known?.code !== job.instruction || known.revision !== job.instruction_revision)
    return { instruction: null, confirm };
  const confirmed = commands.value.find(
    (command) => command.kind === "confirm" && command.job === job.id && command.person === person && counts(command),
  );
  return { instruction: { ...known, confirmed_at: known.confirmed_at ?? confirmed?.at ?? null }, confirm };
}

function Dots({ count, at }) {
  return html`<span class="instruction-dots" aria-hidden="true">
    ${Array.from({ length: count }, (_, place) => html`<i key=${place} class=${place === at ? "on" : ""}></i>`)}
  </span>`;
}

/** The last page asks once to confirm a revision that is new to this person. */
export function InstructionSheet({ open, onClose, instruction, confirm }) {
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
  if (!instruction) return null;
  const last = at === count - 1;
  const asks = last && !instruction.confirmed_at;
  const swiped = (event) => {
    const way = event.clientX - (touched.current ?? event.clientX);
    touched.current = null;
    if (Math.abs(way) > SWIPE) turn(way < 0 ? 1 : -1);
  };
  const read = () => {
    onClose();
    confirm();
  };
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${local(instruction.title)}
    class="instruction"
    data-testid="instruction-sheet"
    head=${html`<span class="instruction-number">${t("instructions.revision_n", { n: instruction.revision })}</span>`}
    footer=${html`
      <${Button} size="tall" icon="back" disabled=${at === 0} data-testid="instruction-back" onClick=${() => turn(-1)}>
        ${t("instructions.previous")}
      <//>
      <span class="instruction-place" data-testid="instruction-place">
        <b>${at + 1} / ${count}</b>
        <${Dots} count=${count} at=${at} />
      </span>
      ${
        asks
          ? html`<${Button} kind="primary" size="tall" icon="check" data-testid="instruction-confirm" onClick=${read}>
              ${t("instructions.confirm")}
            <//>`
          : last
            ? html`<${Button} size="tall" icon="close" onClick=${onClose}>${t("action.close")}<//>`
            : html`<${Button} kind="primary" size="tall" data-testid="instruction-next" onClick=${() => turn(1)}>
                ${t("instructions.next")}
                ${icon("next")}
              <//>`
      }
    `}
  >
    <div
      class="instruction-stage ${large ? "large" : ""}"
      onPointerDown=${(event) => (touched.current = event.clientX)}
      onPointerUp=${swiped}
    >
      <${InstructionPage} key=${at} page=${instruction.pages[at]} class="real" onPicture=${() => setLarge(!large)} />
    </div>
  <//>`;
}
