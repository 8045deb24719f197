// Who did what with an order, when, from what to what, and what the floor made of it: newest first.
import { html } from "/js/lib/html.js";
import { clock, day } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useDevices } from "/js/lib/names.js";
import { Button } from "/js/components/button.js";
import { Empty } from "/js/components/feedback.js";
import { Differences } from "/pages/plan/order/differences.js";

const LOOK = {
  create: { icon: "plus" },
  change: { icon: "edit" },
  plan: { icon: "clock" },
  release: { icon: "flag", tone: "setup" },
  begin: { icon: "play", tone: "run" },
  hold: { icon: "hold", tone: "warn" },
  resume: { icon: "play", tone: "run" },
  complete: { icon: "check", tone: "brand" },
  close: { icon: "lock" },
  cancel: { icon: "close", tone: "stop" },
  split: { icon: "split", tone: "setup" },
  merge: { icon: "merge", tone: "setup" },
  ask_change: { icon: "change", tone: "setup" },
  propose_change: { icon: "change", tone: "setup" },
  apply_change: { icon: "change", tone: "run" },
  refuse_change: { icon: "change" },
  running: { icon: "play", tone: "run" },
  paused: { icon: "pause", tone: "warn" },
  done: { icon: "check", tone: "run" },
  skipped: { icon: "next" },
  ready: { icon: "undo", tone: "warn" },
  waiting: { icon: "undo", tone: "warn" },
  take_up: { icon: "undo", tone: "warn" },
  reopen: { icon: "undo", tone: "warn" },
  cover_missing: { icon: "tree", tone: "setup" },
};
// A step of the state machine says itself what it changed; relatives stand on the page with their numbers.
const TOLD_ELSEWHERE = ["state", "parent"];

/** An operation that goes back to one of these was finished before. */
const OPENED = ["ready", "waiting"];

const title = (entry) =>
  entry.kind === "operation"
    ? `${t("job.op", { op: entry.op })} · ${t(`history.${OPENED.includes(entry.action) ? "opened" : entry.action}`)}`
    : t(`history.${entry.action}`);

function Entry({ entry, person, device }) {
  const display = LOOK[entry.action] ?? { icon: "edit" };
  const who = entry.person ?? entry.person_id;
  const changes = entry.changes.filter(
    (one) => !TOLD_ELSEWHERE.includes(one.field) && (one.after !== null || one.before !== null),
  );
  return html`<li class="happening ${display.tone ?? ""}">
    <i class="happening-mark">${icon(display.icon)}</i>
    <div class="grow">
      <p>
        <b>${title(entry)}</b>
        <span class="muted">
          ${[who && person(who), entry.machine ?? device(entry.device_id)].filter(Boolean).join(" · ")}
        </span>
      </p>
      ${entry.reason && html`<p class="happening-reason">${entry.reason}</p>`}
      ${changes.length > 0 && html`<${Differences} changes=${changes} />`}
    </div>
    <time class="muted">${clock(entry.at)}</time>
  </li>`;
}

/** `history` {items, more}; `person(key)` gives a name by a code or a pseudonymous id. */
export function Timeline({ history, person, onMore, loading }) {
  const device = useDevices();
  if (!history.items.length) return html`<div class="card"><${Empty} icon="clock" title=${t("history.none")} /></div>`;
  const days = [];
  for (const entry of history.items) {
    const date = day(entry.at);
    if (days.at(-1)?.date !== date) days.push({ date, entries: [] });
    days.at(-1).entries.push(entry);
  }
  return html`<div class="card card-body timeline">
    ${days.map(
      (one) => html`<section key=${one.date}>
        <h3>${one.date}</h3>
        <ol>
          ${one.entries.map(
            (entry, place) =>
              html`<${Entry}
                key=${`${entry.at}${entry.action}${entry.op}${place}`}
                ...${{ entry, person, device }}
              />`,
          )}
        </ol>
      </section>`,
    )}
    ${
      history.more &&
      html`<div class="list-more">
        <${Button} kind="quiet" busy=${loading} onClick=${onMore}>${t("orders.more")}<//>
      </div>`
    }
  </div>`;
}
