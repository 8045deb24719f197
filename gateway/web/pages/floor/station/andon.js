// Calling somebody to the machine: two touches; and what has become of the calls.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Sheet } from "/js/components/sheet.js";

const KINDS = [
  ["material", "box"],
  ["maintenance", "tools"],
  ["quality", "quality"],
  ["supervisor", "person"],
];

export function AndonSheet({ open, onClose, calls, onCall }) {
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("andon.title")} data-testid="andon-sheet">
    <div class="tiles andon">
      ${KINDS.map(([kind, glyph]) => {
        const open_ = calls.find((call) => call.kind === kind);
        return html`<button
          type="button"
          class="tile ${open_ ? "called" : ""}"
          key=${kind}
          data-testid="andon-${kind}"
          disabled=${Boolean(open_)}
          onClick=${() => onCall(kind)}
        >
          ${icon(glyph)}
          <span>
            ${t(`andon.${kind}`)}
            ${open_ && html`<small>${t(`andon.state.${open_.state}`)} ${since(open_.at, now.value)}</small>`}
          </span>
        </button>`;
      })}
    </div>
  <//>`;
}

/** The open calls of this machine, above the queue. */
export function Calls({ calls }) {
  if (!calls.length) return null;
  return html`<section class="calls card" role="status">
    ${calls.map(
      (call) => html`<p key=${call.kind} data-testid="call-${call.kind}" data-state=${call.state} class=${call.state}>
        ${icon("bell")}
        <b class="grow ellipsis">${t(`andon.${call.kind}`)}</b>
        <span>${t(`andon.state.${call.state}`)} ${since(call.at, now.value)}</span>
      </p>`,
    )}
  </section>`;
}
