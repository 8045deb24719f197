// What was imported: who, when, which file, what it changed; and taking the whole of it back.
import { html, useState } from "/js/lib/html.js";
import { all, get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { usePeople } from "/js/lib/names.js";
import { valueWord } from "/js/lib/values.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem, problemText, Skeleton } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { headingOf } from "/pages/plan/imports/kinds.js";
import { merged } from "/pages/plan/imports/runs.js";
import { Changes, VerdictChip, Verdicts } from "/pages/plan/imports/verdicts.js";

const titleOf = (kinds, name) => kinds.find((kind) => kind.name === name)?.title ?? name;
const StateChip = ({ state }) =>
  html`<${Chip} tone=${state === "applied" ? "run" : "idle"} icon=${state === "applied" ? "check" : "undo"}>
    ${t(`import_state.${state}`)}
  <//>`;
const counts = ({ created, updated, error = 0, requested = 0 }) =>
  [
    created && t("imports.n_created", { n: number(created) }),
    updated && t("imports.n_updated", { n: number(updated) }),
    requested && t("imports.n_requested", { n: number(requested) }),
    error > requested && t("imports.n_error", { n: number(error - requested) }),
  ]
    .filter(Boolean)
    .join(" · ");

/** Master data and the ERP's orders are imported by two services. */
const SOURCES = { orders: "/orders/imports", erp: "/erp/imports" };
const PAGE = 50;

/** All imports: `data` {items, more}, `further()` reads older ones; `person(code)` gives a name. */
function useRuns() {
  const [pages, setPages] = useState(1);
  const person = usePeople();
  const lists = useResource(
    () =>
      Promise.all(
        Object.entries(SOURCES).map(async ([of, path]) => {
          const items = [];
          let next;
          for (let page = 0; page < pages && next !== null; page += 1) {
            const read = await get(path, { cursor: next, limit: PAGE });
            items.push(...read.items.map((run) => ({ ...run, of })));
            next = read.next_cursor;
          }
          return { items, next };
        }),
      ),
    [pages],
  );
  const data = lists.data && { items: merged(lists.data), more: lists.data.some((list) => list.next) };
  return { ...lists, data, person, further: () => setPages(pages + 1) };
}

/** A file of orders: what was new, what was refused and why, and what a planner decides on. */
function OrderRun({ run, kinds, person, onClose }) {
  const kind = kinds.find((one) => one.name === run.kind);
  const rows = useResource(() => all(`/erp/imports/${run.id}/rows`, {}, 20000), [run.id], { worded: true });
  return html`<${Sheet} open from="side" class="wide" title=${run.file} onClose=${onClose} data-testid="run-sheet">
    <div class="stack">
      <div class="row run-facts">
        <span>${kind?.title}</span>
        <span class="muted">${moment(run.at)} · ${person(run.person)}</span>
      </div>
      <p>${counts(run.summary)}</p>
      ${rows.error && !rows.data && html`<${Problem} error=${rows.error} retry=${rows.load} />`}
      ${!rows.data && !rows.error && html`<${Skeleton} rows="6" height="30" />`}
      ${
        rows.data &&
        html`<${Verdicts}
          report=${{ kind: run.kind, rows: rows.data }}
          kinds=${kinds}
          file=${run.file}
          done
        />`
      }
    </div>
  <//>`;
}

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
  const read = [first.data, ...pages];
  const next = read.at(-1).next_cursor;
  return html`
    <ul class="run-entries">
      ${read
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
                      .filter((change) => change.field !== kind?.key && change.after !== null)
                      .map((change) => `${headingOf(kind, change.field)} ${valueWord(change.field, change.after)}`)
                      .join(" · ")}
                  </p>`
            }
          </li>`;
        })}
    </ul>
    ${next && html`<${Button} kind="quiet" busy=${more.busy} onClick=${() => more.go(next)}>${t("orders.more")}<//>`}
  `;
}

function Run({ id, kinds, person, onClose, onUndone }) {
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
          <span class="muted">${moment(data.at)} · ${person(data.person)}</span>
        </div>
        <p>${counts(data.summary)}</p>
        ${
          data.state === "undone" &&
          html`<${Notice}
            icon="undo"
            title=${t("imports.undone_by", { at: moment(data.undone_at), person: person(data.undone_by) })}
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
  const runs = useRuns();
  const { data, error, load } = runs;
  const columns = [
    { key: "at", label: t("imports.at"), class: "when", render: (run) => moment(run.at) },
    { key: "file", label: t("imports.file"), class: "key", render: (run) => run.file },
    { key: "kind", label: t("imports.kind_column"), render: (run) => titleOf(kinds, run.kind) },
    { key: "summary", label: t("imports.verdict"), render: (run) => counts(run.summary) },
    { key: "person", label: t("imports.person"), render: (run) => runs.person(run.person) },
    {
      key: "state",
      label: t("imports.state"),
      render: (run) => html`<${StateChip} state=${run.state ?? "applied"} />`,
    },
  ];
  if (error && !data) return html`<div class="card"><${Problem} error=${error} retry=${load} /></div>`;
  const chosen = opened && data?.items.find((run) => run.id === opened);
  return html`
    <${Table}
      class="import-runs"
      label=${t("imports.history")}
      columns=${columns}
      rows=${data?.items}
      rowKey=${(run) => run.id}
      onOpen=${(run) => onOpen(run.id)}
      current=${opened}
      data-testid="import-runs"
      empty=${html`<${Empty} icon="clock" title=${t("imports.no_runs")} text=${t("imports.no_runs_text")} />`}
      foot=${
        data?.more &&
        html`<div class="list-more">
          <${Button} kind="quiet" busy=${runs.loading} onClick=${runs.further}>${t("imports.older")}<//>
        </div>`
      }
    />
    ${
      chosen?.of === "erp"
        ? html`<${OrderRun}
            key=${opened}
            run=${chosen}
            kinds=${kinds}
            person=${runs.person}
            onClose=${() => onOpen(null)}
          />`
        : opened &&
          data &&
          html`<${Run}
            key=${opened}
            id=${opened}
            kinds=${kinds}
            person=${runs.person}
            onClose=${() => onOpen(null)}
            onUndone=${load}
          />`
    }
  `;
}
