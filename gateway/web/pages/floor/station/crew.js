// Who works on the job: one touch to join, one to leave; several people on one job, one person on several.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { since } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Sheet } from "/js/components/sheet.js";

export function CrewSheet({ open, onClose, job, people, onChange }) {
  if (!job) return null;
  const known = new Set(people.map((one) => one.code));
  const everybody = [
    ...people,
    ...(job.crew ?? []).filter((one) => !known.has(one.person)).map((one) => ({ code: one.person, name: one.person })),
  ];
  const there = Object.fromEntries((job.crew ?? []).map((one) => [one.person, one]));
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("crew.title")} data-testid="crew-sheet">
    <div class="tiles">
      ${everybody.map(
        (one) => html`<button
          type="button"
          class="tile ${there[one.code] ? "on" : ""}"
          key=${one.code}
          aria-pressed=${Boolean(there[one.code])}
          data-testid="crew-${one.code}"
          onClick=${() => onChange(there[one.code] ? "leave" : "join", one.code)}
        >
          ${icon(there[one.code] ? "check" : "plus")}
          <span>
            ${local(one.name)}
            <small>
              ${there[one.code] ? t("crew.since", { time: since(there[one.code].since, now.value) }) : one.code}
            </small>
          </span>
        </button>`,
      )}
    </div>
  <//>`;
}
