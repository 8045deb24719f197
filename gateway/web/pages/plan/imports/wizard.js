// A file on its way in: dropped, checked row by row, its columns set right, applied.
import { html, useCallback, useEffect, useRef, useState } from "/js/lib/html.js";
import { ApiProblem, get, upload, uuid } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { language, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText, Skeleton } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { Progress } from "/js/components/progress.js";
import { DropZone, useDrop } from "/pages/plan/imports/drop.js";
import { Mapping } from "/pages/plan/imports/mapping.js";
import { Template } from "/pages/plan/imports/files.js";
import { Verdicts, verdictOf } from "/pages/plan/imports/verdicts.js";

const START = { file: null, report: null, mapping: null, columns: null, samples: null, problem: null, checking: null };
const POLL_MS = 500;
const size = (bytes) => (bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} kB` : `${number(bytes / 1e6, 1)} MB`);
const send = (kind, file, mapping, mode, dryRun, key) =>
  upload(
    kind.path,
    {
      file,
      kind: kind.name,
      mapping: kind.whole ? undefined : (mapping ?? undefined),
      mode: kind.kept || kind.whole ? mode : undefined,
      dry_run: String(dryRun),
    },
    { key },
  );

/** How many rows are done, asked while `key` runs. A short import is over before anybody asks. */
function Running({ kind, id, label }) {
  const [told, setTold] = useState({ done: 0, total: 0 });
  useEffect(() => {
    if (!id || !(kind.kept || kind.whole)) return undefined;
    const timer = setInterval(
      () =>
        get(`/orders/imports/progress/${id}`).then(
          (now) => now.total && setTold(now),
          () => null,
        ),
      POLL_MS,
    );
    return () => clearInterval(timer);
  }, [id]);
  return html`<div class="import-running" role="status">
    <b>${label}</b>
    ${
      told.total > 0 &&
      html`
        <span class="muted">${t("imports.progress", { done: number(told.done), total: number(told.total) })}</span>
        <${Progress} good=${told.done} target=${told.total} label=${label} />
      `
    }
  </div>`;
}

function FileCard({ state, onReset, children }) {
  const { file, report } = state;
  return html`<section class="card import-file">
    ${icon("file")}
    <div class="grow">
      <b>${file.name}</b>
      <small>
        ${[
          size(file.size),
          report && t("imports.rows", { n: number(report.rows.length) }),
          report?.encoding?.toUpperCase(),
        ]
          .filter(Boolean)
          .join(" · ")}
      </small>
    </div>
    <${Button} kind="quiet" onClick=${onReset}>${t("imports.other_file")}<//>
    ${children}
  </section>`;
}

/** How many rows are wrong, and how many ask for a change that a planner decides on. */
function notTaken(report) {
  const requested = report.rows.filter((row) => verdictOf(row) === "requested").length;
  return { error: report.summary.error - requested, requested };
}

function Done({ report, kind, kinds, file, onReset, onHistory }) {
  const { created, updated, unchanged } = report.summary;
  const { error, requested } = notTaken(report);
  return html`
    <section class="card import-done" role="status">
      ${icon("check")}
      <h2>${t("imports.done")}</h2>
      <p>
        ${t("imports.done_text", { created: number(created), updated: number(updated), unchanged: number(unchanged) })}
      </p>
      ${
        requested > 0 &&
        html`<p class="tone-warn" data-testid="import-requested">
          ${t("imports.requested", { n: number(requested) })}
        </p>`
      }
      ${error > 0 && html`<p class="tone-stop">${t("imports.left_out", { n: number(error) })}</p>`}
      <div class="row">
        <${Button} onClick=${onReset}>${t("imports.again")}<//>
        ${
          report.id &&
          html`<${Button}
            icon=${kind.kept || kind.whole ? "undo" : "clock"}
            data-testid="import-to-history"
            onClick=${() => onHistory(report.id)}>
            ${kind.kept || kind.whole ? t("imports.to_history") : t("imports.to_run")}
          <//>`
        }
        ${
          kind.next &&
          html`<${Button} kind="primary" href=${kind.next} data-testid="import-next">${t("imports.to_orders")}<//>`
        }
      </div>
    </section>
    ${error + requested > 0 && html`<${Verdicts} report=${report} kinds=${kinds} file=${file.name} done />`}
  `;
}

/** What to do about rows with errors: leave them out, or take nothing before all are right. */
function Errors({ count, mode, onMode, choice }) {
  return html`<${Notice} tone="warn" title=${t("imports.errors", { n: number(count) })}>
    ${mode === "good_rows" ? t("imports.errors_text") : t("imports.errors_all")}
    ${
      choice &&
      html`<span class="import-mode">
        <${Pills}
          label=${t("imports.mode")}
          value=${mode}
          onChange=${onMode}
          options=${[
            { value: "good_rows", label: t("imports.good_rows") },
            { value: "all_or_nothing", label: t("imports.all_or_nothing") },
          ]}
        />
      </span>`
    }
  <//>`;
}

export function Wizard({ kinds, onHistory }) {
  const [name, setName] = useState(kinds[0].name);
  const [state, setState] = useState(START);
  const [mode, setMode] = useState("good_rows");
  const [applying, setApplying] = useState(null);
  const [mappingOpen, setMappingOpen] = useState(false);
  const run = useRef(0);
  const kind = kinds.find((one) => one.name === name);

  const check = async (file, mapping, forKind) => {
    const mine = ++run.current;
    const key = uuid();
    setState((now) => ({
      ...(file === now.file && mapping ? now : START),
      file,
      mapping,
      checking: key,
      problem: null,
    }));
    try {
      const report = await send(forKind, file, mapping, mode, true, key);
      if (mine === run.current)
        setState({
          ...START,
          file,
          report,
          mapping: report.mapping,
          columns: forKind.whole ? null : report.columns,
          samples: report.samples,
        });
    } catch (problem) {
      if (mine !== run.current) return;
      const { columns = null, samples = null, mapping: suggested } = problem instanceof ApiProblem ? problem.body : {};
      setState({ ...START, file, problem, columns, samples, mapping: mapping ?? suggested ?? {} });
      setMappingOpen(Boolean(columns));
    }
  };
  const apply = useAction(
    (key) => {
      setApplying(key);
      return send(kind, state.file, state.mapping, mode, false, key);
    },
    {
      done: (report) => setState((now) => ({ ...now, report })),
      failed: (problem) => setState((now) => ({ ...now, problem })),
    },
  );
  const newest = useRef(null);
  newest.current = (file) => !apply.busy && check(file, null, kind);
  const onFile = useCallback((file) => newest.current(file), []);
  const over = useDrop(onFile);
  const reset = () => {
    run.current += 1;
    setState(START);
  };
  const { file, report, problem, columns, checking } = state;
  const isDone = report && !report.dry_run && report.applied !== false;
  const spoken = useRef(language.value);
  useEffect(() => {
    if (spoken.current === language.value) return;
    spoken.current = language.value;
    if (report && !isDone && !apply.busy) check(file, state.mapping, kind); // the verdicts are the server's words
  }, [language.value]);
  const choose = (chosen) => {
    setName(chosen);
    if (file && !isDone)
      check(
        file,
        null,
        kinds.find((one) => one.name === chosen),
      );
    else reset();
  };
  const { error: wrong, requested } = report ? notTaken(report) : { error: 0, requested: 0 };
  const changes =
    report && !(wrong && mode === "all_or_nothing") ? report.summary.created + report.summary.updated + requested : 0;
  const fieldErrors = problem?.errors?.filter((error) => error.field.startsWith("mapping.")) || [];
  const otherErrors = problem?.errors?.filter((error) => !error.field.startsWith("mapping.")) || [];
  const hint = kind.whole
    ? t("imports.everything_text")
    : kind.name === "erp_orders"
      ? t("imports.orders_text")
      : t("imports.master_text");
  return html`
    <div class="import-kinds">
      <${Pills}
        label=${t("imports.kind")}
        value=${name}
        onChange=${choose}
        options=${kinds.filter((one) => !one.hidden).map((one) => ({ value: one.name, label: one.title }))}
      />
      ${!file && html`<p>${hint}</p>`}
    </div>
    ${
      !file &&
      html`
        <${DropZone} kind=${kind} over=${over} onFile=${onFile} />
        ${(kind.kept || kind.template) && html`<${Template} kind=${kind} />`}
      `
    }
    ${
      isDone &&
      html`<${Done}
        report=${report}
        kind=${kind}
        kinds=${kinds}
        file=${file}
        onReset=${reset}
        onHistory=${onHistory}
      />`
    }
    ${
      file &&
      !isDone &&
      html`
        <${FileCard} state=${state} onReset=${reset}>
          ${
            report &&
            html`<${Button}
              kind="primary"
              icon="check"
              busy=${apply.busy}
              disabled=${Boolean(checking) || !changes}
              data-testid="import-apply"
              onClick=${() => apply.go()}
            >
              ${changes ? t("imports.apply", { n: number(changes) }) : t("imports.nothing")}
            <//>`
          }
        <//>
        ${apply.busy && html`<${Running} key=${applying} kind=${kind} id=${applying} label=${t("imports.applying")} />`}
        ${
          apply.waiting &&
          html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>${t("imports.waiting")}<//>`
        }
        ${
          problem &&
          html`<${Notice}
            tone="stop"
            title=${
              otherErrors[0]?.message ?? (fieldErrors.length ? t("imports.columns_missing") : problemText(problem))
            }
          >
            ${t("imports.nothing_changed")}
          <//>`
        }
        ${
          requested > 0 &&
          html`<${Notice} tone="warn" icon="change" title=${t("imports.requests", { n: number(requested) })}>
            ${t("imports.requests_text")}
          <//>`
        }
        ${
          wrong > 0 &&
          html`<${Errors} count=${wrong} mode=${mode} onMode=${setMode} choice=${kind.kept || kind.whole} />`
        }
        ${
          report?.ignored?.length > 0 &&
          html`<${Notice} tone="warn" title=${t("imports.ignored", { names: report.ignored.join(", ") })} />`
        }
        ${
          columns &&
          html`<${Mapping}
            kind=${kind}
            columns=${columns}
            samples=${state.samples ?? {}}
            mapping=${state.mapping}
            errors=${fieldErrors}
            open=${mappingOpen}
            onToggle=${() => setMappingOpen(!mappingOpen)}
            onChange=${(mapping) => check(file, mapping, kind)}
          />`
        }
        ${
          checking &&
          !report &&
          html`<div class="card import-checking">
            <${Running} key=${checking} kind=${kind} id=${checking} label=${t("imports.checking")} />
            <${Skeleton} rows="6" height="30" />
          </div>`
        }
        ${
          report &&
          html`<${Verdicts}
            key=${JSON.stringify(state.mapping)}
            report=${report}
            kinds=${kinds}
            file=${file.name}
          />`
        }
        ${problem && !columns && html`<${DropZone} kind=${kind} over=${over} onFile=${onFile} />`}
      `
    }
  `;
}
