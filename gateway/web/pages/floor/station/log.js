// The shift's log: everything that was touched at this tablet, and what has become of it. Who made a report in this
// shift puts it right here.
import { html, useEffect } from "/js/lib/html.js";
import { clock, number } from "/js/lib/format.js";
import { commands, counts, depth } from "/js/floor/queue.js";
import { isEncrypted } from "/js/floor/encryption.js";
import { local, t } from "/js/lib/i18n.js";
import { me } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Notice } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";
import { toast } from "/js/components/toast.js";

const MOST = 200;
const LOOKS = {
  queued: { tone: "warn", icon: "clock" },
  sending: { tone: "setup", icon: "refresh" },
  done: { tone: "run", icon: "check" },
  flagged: { tone: "warn", icon: "flag" },
  refused: { tone: "stop", icon: "warning" },
  review: { tone: "stop", icon: "person" },
  blocked: { tone: "stop", icon: "close" },
  undone: { tone: "idle", icon: "undo" },
};
// What an operator need not look at: it only says that the network was away.
const PLAIN_FLAGS = new Set(["late"]);

const pieces = ({ made }) =>
  made &&
  [
    made.good ? `${t("count.good")} ${number(made.good)}` : "",
    made.scrap ? `${t("count.scrap")} ${number(made.scrap)}` : "",
    made.rework ? `${t("count.rework")} ${number(made.rework)}` : "",
  ]
    .filter(Boolean)
    .join(" · ");
const flags = (command) => (command.flags ?? []).filter((flag) => !PLAIN_FLAGS.has(flag));
const stateOf = (command) => (command.state === "flagged" && !flags(command).length ? "done" : command.state);
const why = (command) =>
  command.problem
    ? command.problem.detail
    : flags(command)
        .map((flag) => t(`flag.${flag}`))
        .join(" · ");

/** True of a report that its maker may still correct: of this shift, counted, and not taken back yet. */
const isCorrectable = (command, from) =>
  command.kind === "result" &&
  command.person === me.value?.person &&
  ["queued", "done", "flagged"].includes(command.state) &&
  command.at >= from &&
  !commands.value.some((one) => one.undoes === command.id && counts(one));

const what = (command) =>
  command.kind === "consume" ? command.body.lot : command.kind === "restate" ? local(command.reason?.name) : "";

const kindOf = ({ kind, body }) => (kind === "consume" && Number(body.quantity) < 0 ? "leftover" : kind);

function Entry({ command, name, onCorrect }) {
  const state = commands.value.some((one) => one.undoes === command.id && counts(one)) ? "undone" : stateOf(command);
  const display = LOOKS[state];
  return html`<li class="log-entry" data-testid="log-entry" data-state=${command.state} data-kind=${command.kind}>
    <time>${clock(command.at)}</time>
    <span class="grow">
      <b>${t(`floor.kind.${kindOf(command)}`)}${
        pieces(command) || what(command) ? html` <i>${pieces(command) || what(command)}</i>` : ""
      }</b>
      <small>
        ${[command.number && `${command.number} · ${t("job.op", { op: command.op })}`, name(command.person)]
          .filter(Boolean)
          .join(" · ")}
      </small>
      ${why(command) && html`<small class="tone-${display.tone}">${why(command)}</small>`}
    </span>
    <${Chip} tone=${display.tone} icon=${display.icon}>${t(`floor.state.${state}`)}<//>
    ${
      onCorrect &&
      html`<${Button} size="tall" icon="edit" data-testid="log-correct" onClick=${onCorrect}>
        ${t("report.correct")}
      <//>`
    }
  </li>`;
}

/** `shift` is the machine's; `onCorrect(command)` opens a report anew. */
export function LogSheet({ open, onClose, machine, shift, people, onCorrect }) {
  if (!open) return null;
  const names = Object.fromEntries(people.map((one) => [one.code, local(one.name)]));
  const name = (code) => names[code] ?? (code === me.value?.person ? local(me.value.name) : code);
  const from = shift ? new Date(shift.from).toISOString() : "";
  const mine = commands.value
    .filter((command) => command.machine === machine)
    .slice(-MOST)
    .reverse();
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("floor.log")} data-testid="log-sheet">
    ${
      depth.value > 0 &&
      html`<${Notice} tone="warn" icon="wifi_off" title=${t("floor.waiting", { n: depth.value })}>
        ${t("floor.waiting_text")}
      <//>`
    }
    ${
      !isEncrypted &&
      html`<${Notice} tone="warn" icon="lock" title=${t("floor.not_sealed")}>${t("floor.not_sealed_text")}<//>`
    }
    ${
      mine.length
        ? html`<ol class="log">
            ${mine.map(
              (command) =>
                html`<${Entry}
                  key=${command.seq}
                  command=${command}
                  name=${name}
                  onCorrect=${isCorrectable(command, from) ? () => onCorrect(command) : null}
                />`,
            )}
          </ol>`
        : html`<p class="muted">${t("floor.nothing")}</p>`
    }
  <//>`;
}

const told = new Set();

/** Says it once when a command of this machine is not accepted: who touched is still there, perhaps. */
export function useLog(machine) {
  const refused = commands.value.filter(
    (command) => command.machine === machine && ["refused", "review"].includes(command.state),
  );
  useEffect(() => {
    for (const command of refused) {
      if (told.has(command.id)) continue;
      told.add(command.id);
      if (Date.now() - new Date(command.settled ?? Date.now()) < 60000)
        toast(`${t(`floor.kind.${kindOf(command)}`)}: ${command.problem.detail || t("floor.state.review")}`, {
          tone: "stop",
        });
    }
  }, [refused.length]);
}
