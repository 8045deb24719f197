// The label of a finished job that no printer took: one touch prints it from this tablet.
import { html, useState } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { commands } from "/js/floor/queue.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { openLabel } from "/js/lib/labels.js";

const OFFERED_MS = 30 * 60000;

export function LabelButton({ machine }) {
  const [opened, setOpened] = useState(null);
  const last = commands.value.findLast(
    (command) => command.kind === "label" && command.machine === machine && command.answer?.print,
  );
  if (!last || last.answer.print === "sent" || last.id === opened || now.value - new Date(last.settled) > OFFERED_MS)
    return null;
  const failed = last.answer.why;
  const go = () => {
    setOpened(last.id);
    openLabel(last.answer);
  };
  return html`<button
    type="button"
    class="instruction-button card ${failed ? "failed" : "new"}"
    data-testid="label-open"
    onClick=${go}
  >
    ${icon("print")}
    <span class="grow">
      <b class="ellipsis">${t("label.of", { item: last.item })}</b>
      <span>${failed ?? t("label.on_page")}</span>
    </span>
    ${icon("next")}
  </button>`;
}
