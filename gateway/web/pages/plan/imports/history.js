// What was imported: who, when, which file, what it changed; and taking the whole of it back.
import { html, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem, problemText, Skeleton } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { headingOf } from "/pages/plan/imports/kinds.js";
import { Changes, VerdictChip } from "/pages/plan/imports/verdicts.js";

const titleOf = (kinds, name) => kinds.find((kind) => kind.name === name)?.title ?? name;
const StateChip = ({ state }) =>
  html`<${Chip} tone=${state === "applied" ? "run" : "idle"} icon=${state === "applied" ? "check" : "undo"}>
    ${t(`import_state.${state}`)}
  <//>`;
const counts = ({ created, updated, error }) =>
  [
    created && t("imports.n_created", { n: number(created) }),
    updated && t("imports.n_updated", { n: number(updated) }),
    error && t("imports.n_error", { n: number(error) }),
  ]
    .filter(Boolean)
    .join(" · ");

/** One thing that stands in the way of taking an import back. */
function Use({ use, kinds }) {
  const what =
    use.by === "change"
      ? t("imports.use_change")
      : use.by === "work_orders"
        ? t("imports.use_order", { number: use.by_key })
        : `${titleOf(kinds, use.by)} ${use.by_key}`;
  return html`<li><b>${use.key}</b> ${what}</li>`;
}

function Entries({ run, kinds }) {
  const [pages, setPages] = useState([]);
  const first = useResource(() => get(`/orders/imports/${run}/changes`), [run]);
  const more = useAction((_key, cursor) => get(`/orders/imports/${run}/changes`, { cursor }), {
    done: (page) => setPages((now) => [...now, page]),
  });
  if (first.error) return html`<${Problem} error=${first.error} retry=${first.load} />`;
  if (!first.data) return html`<${Skeleton} rows="4" height="40" />`;
  const all = [first.data, ...pages];
  const next = all[all.length - 1].next_cursor;
  return html`
    <ul class="run-entries">
      ${all
        .flatMap((page) => page.items)
        .map((entry) => {
          const kind = kinds.find((one) => one.name === entry.kind);
          return html`<li key=${entry.kind + entry.key}>
            <header>
              <b>${entry.key}</b>
              <span class="muted">${kind?.title}</span>
              <${VerdictChip} verdict=${entry.verdict} />
            </header>
            ${
              entry.verdict === "updated"
                ? html`<${Changes} kind=${kind} changes=${entry.changes} />`
                : html`<p class="muted">
                    ${entry.changes
                      .filter((change) => change.field !== kind?.key)
                      .map((change) => `${headingOf(kind, change.field)} ${change.after}`)
                      .join(" · ")}
                  </p>`
            }
          </li>`;
        })}
    </ul>
    ${next && html`<${Button} kind="quiet" busy=${more.busy} onClick=${() => more.go(next)}>${t("orders.more")}<//>`}
  `;
}

function Run({ id, kinds, onClose, onUndone }) {
  const [asking, setAsking] = useState(false);
  const run = useResource(() => get(`/orders/imports/${id}`), [id]);
  const undo = useAction((key, reason) => post(`/orders/imports/${id}/undo`, { reason }, { key }), {
    done: () => {
      setAsking(false);
      toast(t("imports.undone"));
      run.load();
      onUndone();
    },
    failed: () => {
      setAsking(false);
      run.load();
    },
  });
  const { data } = run;
  const foot =
    data?.state === "applied" &&
    html`<${Button}
      kind="danger"
      icon="undo"
      disabled=${!data.can_undo}
      busy=${undo.busy}
      data-testid="run-undo"
      onClick=${() => setAsking(true)}
    >
      ${t("imports.undo")}
    <//>`;
  return html`<${Sheet}
    open
    from="side"
    title=${data?.file ?? ""}
    onClose=${onClose}
    footer=${foot || undefined}
    data-testid="run-sheet"
  >
    ${run.error && !data && html`<${Problem} error=${run.error} retry=${run.load} />`}
    ${!data && !run.error && html`<${Skeleton} rows="6" height="30" />`}
    ${
      data &&
      html`<div class="stack">
        <div class="row run-facts">
          <${StateChip} state=${data.state} />
          <span>${titleOf(kinds, data.kind)}</span>
          <span class="muted">${moment(data.at)} · ${data.person}</span>
        </div>
        <p>${counts(data.summary)}</p>
        ${
          data.state === "undone" &&
          html`<${Notice}
            icon="undo"
            title=${t("imports.undone_by", { at: moment(data.undone_at), person: data.undone_by })}
          >
            ${data.reason}
          <//>`
        }
        ${undo.problem && html`<${Notice} tone="stop" title=${problemText(undo.problem)} />`}
        ${
          data.why_not.length > 0 &&
          html`<${Notice} tone="warn" title=${t("imports.cannot_undo")}>
            <ul class="run-uses">
              ${data.why_not.slice(0, 10).map((use, place) => html`<${Use} key=${place} use=${use} kinds=${kinds} />`)}
            </ul>
          <//>`
        }
        <${Entries} run=${id} kinds=${kinds} />
      </div>`
    }
    <${ReasonDialog}
      open=${asking}
      onClose=${() => setAsking(false)}
      title=${t("imports.undo_title")}
      text=${t("imports.undo_text")}
      confirm=${t("imports.undo")}
      tone="danger"
      busy=${undo.busy}
      onConfirm=${(reason) => undo.go(reason)}
    />
  <//>`;
}

export function History({ kinds, opened, onOpen }) {
  const [cursor, setCursor] = useState([]);
  const runs = useResource(() => get("/orders/imports", { cursor: cursor[cursor.length - 1] }), [cursor]);
  const columns = [
    { key: "at", label: t("imports.at"), class: "when", render: (run) => moment(run.at) },
    { key: "file", label: t("imports.file"), class: "key", render: (run) => run.file },
    { key: "kind", label: t("imports.kind_column"), render: (run) => titleOf(kinds, run.kind) },
    { key: "summary", label: t("imports.verdict"), render: (run) => counts(run.summary) },
    { key: "person", label: t("imports.person"), render: (run) => run.person },
    { key: "state", label: t("imports.state"), render: (run) => html`<${StateChip} state=${run.state} />` },
  ];
  if (runs.error && !runs.data)
    return html`<div class="card"><${Problem} error=${runs.error} retry=${runs.load} /></div>`;
  return html`
    <${Table}
      class="import-runs"
      label=${t("imports.history")}
      columns=${columns}
      rows=${runs.data?.items}
      rowKey=${(run) => run.id}
      onOpen=${(run) => onOpen(run.id)}
      current=${opened}
      data-testid="import-runs"
      empty=${html`<${Empty} icon="clock" title=${t("imports.no_runs")} text=${t("imports.no_runs_text")} />`}
    />
    <div class="row">
      ${
        cursor.length > 0 &&
        html`<${Button} icon="back" onClick=${() => setCursor(cursor.slice(0, -1))}>${t("imports.newer")}<//>`
      }
      ${
        runs.data?.next_cursor &&
        html`<${Button} onClick=${() => setCursor([...cursor, runs.data.next_cursor])}>${t("imports.older")}<//>`
      }
    </div>
    ${
      opened &&
      html`<${Run} key=${opened} id=${opened} kinds=${kinds} onClose=${() => onOpen(null)} onUndone=${runs.load} />`
    }
  `;
}
