// /readiness/evidence: on one sheet of A4, how far the shop's standards and records have come (JS1), for whoever checks
// it.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { dayInWords, number, percent } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { site } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { OfficeShell } from "/js/shell/shell.js";

const DAY_MS = 86400000;
const asUtc = (date) => new Date(`${date}T00:00:00Z`);
const iso = (time) => new Date(time).toISOString().slice(0, 10);
const long = (date) => dayInWords(date, { year: "numeric", month: "long", day: "numeric" });
const weekday = (date) => dayInWords(date, { weekday: "short" });

function Share({ share }) {
  const ratio = share.total ? share.ready / share.total : 0;
  const tone = ratio >= 1 ? "run" : ratio >= 0.8 ? "brand" : "warn";
  const title = t(`share.${share.key}`);
  return html`<li>
    <span class="share-name">${title}</span>
    <span class="share-bar ${tone}" role="img" aria-label="${title} ${percent(ratio)}">
      <i style=${{ width: `${ratio * 100}%` }}></i>
    </span>
    <b class="share-percent">${share.total ? percent(ratio) : "–"}</b>
    <span class="share-count">${number(share.ready)} / ${number(share.total)}</span>
  </li>`;
}

/** The four weeks up to a day, week by week from Monday. */
function weeksUpTo(last) {
  const end = asUtc(last).getTime();
  const monday = end - ((asUtc(last).getUTCDay() + 6) % 7) * DAY_MS;
  return Array.from({ length: 5 }, (_, week) =>
    Array.from({ length: 7 }, (_, place) => monday + (week - 4) * 7 * DAY_MS + place * DAY_MS),
  ).map((week) => week.map((time) => ({ date: iso(time), inside: time <= end && time > end - 28 * DAY_MS })));
}

function Calendar({ days, last }) {
  const recorded = new Set(days);
  const weeks = weeksUpTo(last).filter((week) => week.some((one) => one.inside));
  const cell = (one) =>
    html`<td key=${one.date} class=${!one.inside ? "outside" : recorded.has(one.date) ? "recorded" : "blank"}>
      ${
        one.inside &&
        html`
          <span>${Number(one.date.slice(8))}</span>
          ${
            recorded.has(one.date)
              ? icon("check", { label: t("evidence.recorded") })
              : html`<span class="visually-hidden">${t("evidence.blank")}</span>`
          }
        `
      }
    </td>`;
  return html`<table class="evidence-days">
    <thead><tr>${weeks[0].map((one) => html`<th key=${one.date}>${weekday(one.date)}</th>`)}</tr></thead>
    <tbody>${weeks.map((week) => html`<tr key=${week[0].date}>${week.map(cell)}</tr>`)}</tbody>
  </table>`;
}

function Sheet({ data }) {
  const facts = [
    [t("evidence.weeks"), t("evidence.of_four", { n: number(data.weeks_with_records) })],
    [t("evidence.days"), t("evidence.of_days", { n: number(data.days.length) })],
    [t("evidence.results"), number(data.results)],
    [t("evidence.released"), number(data.orders_released)],
  ];
  return html`<article class="evidence card">
    <header>
      <div class="grow"><small>${t("evidence.level")}</small><h2>${t("evidence.title")}</h2></div>
      <dl>
        <dt>${t("evidence.site")}</dt>
        <dd>${local(site.value?.name) || data.site}</dd>
        <dt>${t("evidence.as_of")}</dt>
        <dd>${long(data.as_of)}</dd>
      </dl>
    </header>
    <section>
      <h3>${t("evidence.shares")}</h3>
      <ul class="shares">${data.shares.map((share) => html`<${Share} key=${share.key} share=${share} />`)}</ul>
    </section>
    <div class="evidence-two">
      <section><h3>${t("evidence.records")}</h3><${Calendar} days=${data.days} last=${data.as_of} /></section>
      <section>
        <h3>${t("evidence.figures")}</h3>
        <dl class="facts">${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>
      </section>
    </div>
    <section class="evidence-left ${data.errors ? "stop" : data.warnings ? "warn" : "run"}">
      ${icon(data.errors || data.warnings ? "flag" : "check")}
      <p>
        ${
          data.errors || data.warnings
            ? t("evidence.left", { errors: number(data.errors), warnings: number(data.warnings) })
            : t("evidence.nothing_left")
        }
      </p>
    </section>
    <footer><span>${t("evidence.sign")}</span><i></i><span>${t("evidence.date")}</span><i></i></footer>
  </article>`;
}

export default function Evidence() {
  const evidence = useResource(() => get("/orders/readiness/evidence"));
  const { data, error } = evidence;
  return html`<${OfficeShell}
    title=${t("readiness.evidence")}
    actions=${html`<${Button}
      kind="primary"
      icon="file"
      disabled=${!data}
      data-testid="evidence-print"
      onClick=${() => print()}
    >
      ${t("evidence.print")}
    <//>`}
  >
    <a class="back-link" href="/readiness">${icon("back")}${t("readiness.title")}</a>
    ${
      data
        ? html`<${Sheet} data=${data} />`
        : error
          ? html`<div class="card"><${Problem} error=${error} retry=${evidence.load} /></div>`
          : html`<div class="card card-body"><${Skeleton} rows="10" height="30" /></div>`
    }
  <//>`;
}
