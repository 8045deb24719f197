// Who is in now, since when and on which job; at whom a leader should look comes first.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { clock, day, duration, isoDay, moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Flags } from "/pages/floor/labour/table.js";

/** "08:30", with the day when it was another one. */
const when = (at) => (isoDay(at) === isoDay(now.value) ? clock(at) : moment(at));

function Person({ one, person, onNote }) {
  const isNoted = one.begins !== null;
  return html`<li class="present-row" data-testid="present-${one.person}">
    <div class="grow">
      <b>${person(one.person)}</b>
      <span>
        ${
          isNoted
            ? t("labour.since", { time: when(one.begins), lasted: duration(now.value - new Date(one.begins)) })
            : t("labour.not_noted")
        }
      </span>
      ${one.jobs.map(
        (job) =>
          html`<span key=${job.job}>
            <a href="/orders/${encodeURIComponent(job.number)}">${job.number} · ${job.op}</a> ${job.machine ?? ""}
          </span>`,
      )}
      ${isNoted && !one.jobs.length && html`<span class="muted">${t("labour.on_no_job")}</span>`}
      ${one.again_at && html`<span class="tone-warn">${t("labour.again", { time: when(one.again_at) })}</span>`}
      ${one.flags.length > 0 && html`<span class="labour-flags"><${Flags} flags=${one.flags} /></span>`}
    </div>
    ${
      onNote &&
      html`<${Button}
        data-testid="present-note"
        onClick=${() => onNote({ kind: isNoted ? "out" : "in", person: one.person })}
      >
        ${isNoted ? t("labour.went") : t("labour.came")}
      <//>`
    }
  </li>`;
}

export function Present({ people, person, onNote }) {
  const items = people.data?.items;
  const shown = items && [...items].sort((a, b) => b.flags.length - a.flags.length);
  return html`<section class="card present" id="present">
    <header class="card-head">
      <h2 class="grow">${t("labour.in_now")}</h2>
      <span class="muted">${day(now.value)} ${clock(now.value)}</span>
    </header>
    ${
      !items &&
      (people.error
        ? html`<${Problem} error=${people.error} retry=${people.load} />`
        : html`<div class="card-body"><${Skeleton} rows="5" height="56" /></div>`)
    }
    ${
      items?.length === 0 &&
      html`<${Empty} icon="people" title=${t("labour.nobody")} text=${t("labour.nobody_text")} />`
    }
    ${
      items?.length > 0 &&
      html`<ul>
        ${shown.map((one) => html`<${Person} key=${one.person} one=${one} person=${person} onNote=${onNote} />`)}
      </ul>`
    }
  </section>`;
}
