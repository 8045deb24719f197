// Calling somebody to the machine: two touches; and what has become of the calls.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { since } from "/js/lib/format.js";
import { callDisplay } from "/js/lib/display.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Sheet } from "/js/components/sheet.js";

const KINDS = ["material", "maintenance", "quality", "supervisor"];

export function AndonSheet({ open, onClose, calls, onCall }) {
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("andon.title")} data-testid="andon-sheet">
    <div class="tiles andon">
      ${KINDS.map((kind) => {
        const display = callDisplay(kind);
        const open_ = calls.find((call) => call.kind === kind);
        return html`<button
          type="button"
          class="tile ${open_ ? "called" : ""}"
          key=${kind}
          data-testid="andon-${kind}"
          disabled=${Boolean(open_)}
          onClick=${() => onCall(kind)}
        >
          ${icon(display.icon)}
          <span>
            ${display.label}
            ${open_ && html`<small>${t(`andon.state.${open_.state}`)} ${since(open_.at, now.value)}</small>`}
          </span>
        </button>`;
      })}
    </div>
  <//>`;
}
