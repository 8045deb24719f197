// Why a machine stands: the reasons by kind, each with its colour and icon, those that are used most at this machine
// first.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { local } from "/js/lib/i18n.js";
import { reasonDisplay } from "/js/lib/display.js";

const KINDS = ["unplanned", "setup", "planned"];

/** Reasons by kind, each kind's most used first: [{kind, reasons}]. `uses` counts them by code. */
export function grouped(reasons, uses) {
  const often = (reason) => uses[reason.code] ?? 0;
  return KINDS.map((kind) => ({
    kind,
    reasons: reasons
      .filter((reason) => reason.kind === kind)
      .sort((a, b) => often(b) - often(a) || a.code.localeCompare(b.code)),
  })).filter((group) => group.reasons.length);
}

/** How often each reason was given in a timeline. */
export function usesOf(timeline) {
  const uses = {};
  for (const { reason } of timeline) if (reason) uses[reason] = (uses[reason] ?? 0) + 1;
  return uses;
}

export function ReasonTiles({ reasons, uses, chosen, onPick }) {
  return html`<div class="reasons">
    ${grouped(reasons, uses).map(({ kind, reasons: those }) => {
      const display = reasonDisplay(kind);
      return html`<section key=${kind} class="reason-group ${display.tone}" data-testid="reasons-${kind}">
        <h3>${icon(display.icon)}${display.label}</h3>
        <div class="tiles">
          ${those.map(
            (reason) =>
              html`<button
                type="button"
                class="tile"
                key=${reason.code}
                data-testid="reason-${reason.code}"
                aria-pressed=${chosen === undefined ? undefined : reason.code === chosen}
                onClick=${() => onPick(reason.code)}
              >
                ${local(reason.name)}
              </button>`,
          )}
        </div>
      </section>`;
    })}
  </div>`;
}
