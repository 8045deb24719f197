// The period of a labour sheet: by name, or from one business date to another.
import { html } from "/js/lib/html.js";
import { dayInWords, isoDay } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Pills } from "/js/components/field.js";

export const PERIODS = ["today", "yesterday", "week", "month"];
export const OWN = "own";

/** What was chosen, as the API asks for it. */
export const asked = ({ period, first, last }) =>
  period === OWN ? { first_date: first, last_date: last } : { period };

/** "11월 16일 – 11월 21일", or one day. */
export function periodInWords({ first_date: first, last_date: last }) {
  const parts = { month: "long", day: "numeric", weekday: "short" };
  return [...new Set([first, last])].map((date) => dayInWords(date, parts)).join(" – ");
}

export function PeriodChoice({ chosen, sheet, onChange }) {
  const choose = (period) =>
    onChange(
      period === OWN
        ? { period, first: sheet?.first_date ?? isoDay(Date.now()), last: sheet?.last_date ?? isoDay(Date.now()) }
        : { ...chosen, period },
    );
  const set = (name) => (event) => {
    const day = event.currentTarget.value;
    if (!day) return;
    const next = { ...chosen, [name]: day };
    // The other end follows a day that would turn the period round.
    if (next.first > next.last) next[name === "first" ? "last" : "first"] = day;
    onChange(next);
  };
  return html`<div class="labour-period">
    <${Pills}
      label=${t("labour.period")}
      value=${chosen.period}
      onChange=${choose}
      options=${[...PERIODS, OWN].map((value) => ({ value, label: t(`labour.period.${value}`) }))}
    />
    ${
      chosen.period === OWN &&
      html`<span class="labour-dates">
        <input
          type="date"
          class="input"
          aria-label=${t("labour.first_date")}
          value=${chosen.first}
          data-testid="labour-first"
          onChange=${set("first")}
        />
        <span aria-hidden="true">–</span>
        <input
          type="date"
          class="input"
          aria-label=${t("labour.last_date")}
          value=${chosen.last}
          data-testid="labour-last"
          onChange=${set("last")}
        />
      </span>`
    }
  </div>`;
}
