// Where the shift's time went.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { clock, duration } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { stripTone } from "/js/lib/display.js";
import { Strip } from "/js/components/progress.js";
import { timeBy } from "/pages/floor/station/pace.js";

const WORDS = () => [
  ["run", t("machine.running")],
  ["setup", t("machine.setup")],
  ["stop", t("shift.down")],
  ["warn", t("shift.planned")],
];

export function ShiftStrip({ machine }) {
  const { strip, shift } = machine;
  if (!strip.length) return null;
  const from = shift?.from ?? strip[0].from;
  const to = shift?.to ?? new Date(now.value).toISOString();
  const spent = timeBy(strip, stripTone, now.value);
  const start = new Date(from).getTime();
  const step = (new Date(to).getTime() - start) / 3;
  return html`<div class="shift">
    <p class="shift-sums">
      <span class="muted">${shift?.code ? t("shift.this") : t("shift.today")}</span>
      ${WORDS().map(
        ([tone, word]) =>
          spent[tone] > 30000 && html`<b key=${tone} class="tone-${tone}">${word} ${duration(spent[tone])}</b>`,
      )}
    </p>
    <${Strip} intervals=${strip} from=${from} to=${to} now=${now.value} />
    <p class="shift-axis muted">
      ${[0, 1, 2, 3].map((third) => html`<span key=${third}>${clock(start + third * step)}</span>`)}
    </p>
  </div>`;
}
