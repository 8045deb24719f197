// /imports: drop a file, see what it would do row by row, apply it.
import { html, useCallback, useRef, useState } from "/js/lib/html.js";
import { ApiProblem, upload, uuid } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useStyle } from "/js/lib/style.js";
import { Button } from "/js/components/button.js";
import { Notice, problemText, Skeleton } from "/js/components/feedback.js";
import { Pills } from "/js/components/field.js";
import { OfficeShell } from "/js/components/shell.js";
import { DropZone, useDrop } from "/js/screens/imports/drop.js";
import { KINDS } from "/js/screens/imports/kinds.js";
import { Mapping } from "/js/screens/imports/mapping.js";
import { Verdicts } from "/js/screens/imports/verdicts.js";

const START = { file: null, report: null, mapping: null, columns: null, problem: null, checking: false };
const size = (bytes) => (bytes < 1e6 ? `${number(Math.ceil(bytes / 1e3))} kB` : `${number(bytes / 1e6, 1)} MB`);
const send = (kind, file, mapping, dryRun, key) => upload(kind.path, { file, kind: kind.id, mapping: mapping ?? undefined, dry_run: String(dryRun) }, { key });

function FileCard({ state, onReset, children }) {
  const { file, report } = state;
  return html`<section class="card import-file">${icon("file")}
    <div class="grow"><b>${file.name}</b><small>${[size(file.size), report && t("imports.rows", { n: number(report.rows.length) }), report?.encoding?.toUpperCase()].filter(Boolean).join(" · ")}</small></div>
    <${Button} kind="quiet" onClick=${onReset}>${t("imports.other_file")}<//>${children}</section>`;
}

function Done({ report, kind, onReset }) {
  const { created, updated, unchanged, error } = report.summary;
  return html`<section class="card import-done" role="status">${icon("check")}<h2>${t("imports.done")}</h2>
    <p>${t("imports.done_text", { created: number(created), updated: number(updated), unchanged: number(unchanged) })}</p>
    ${error > 0 && html`<p class="tone-stop">${t("imports.left_out", { n: number(error) })}</p>`}
    <div class="row"><${Button} onClick=${onReset}>${t("imports.again")}<//>${kind.next && html`<${Button} kind="primary" href=${kind.next} data-testid="import-next">${t("imports.to_orders")}<//>`}</div>
  </section>${error > 0 && html`<${Verdicts} report=${report} done />`}`;
}

export default function Imports() {
  const styled = useStyle("imports");
  const [kindId, setKindId] = useState(KINDS[0].id);
  const [state, setState] = useState(START);
  const [mappingOpen, setMappingOpen] = useState(false);
  const run = useRef(0);
  const kind = KINDS.find((one) => one.id === kindId);

  const check = async (file, mapping, forKind) => {
    const mine = ++run.current;
    setState((now) => ({ ...(file === now.file && mapping ? now : START), file, mapping, checking: true, problem: null }));
    try {
      const report = await send(forKind, file, mapping, true, uuid());
      if (mine === run.current) setState({ ...START, file, report, mapping: report.mapping, columns: report.columns });
    } catch (problem) {
      if (mine !== run.current) return;
      const { columns = null, mapping: suggested } = problem instanceof ApiProblem ? problem.body : {};
      setState({ ...START, file, problem, columns, mapping: mapping ?? suggested ?? {} });
      setMappingOpen(Boolean(columns));
    }
  };
  const apply = useAction((key) => send(kind, state.file, state.mapping, false, key), { done: (report) => setState((now) => ({ ...now, report })), failed: (problem) => setState((now) => ({ ...now, problem })) });
  const newest = useRef(null);
  newest.current = (file) => !apply.busy && check(file, null, kind);
  const onFile = useCallback((file) => newest.current(file), []);
  const over = useDrop(onFile);
  const reset = () => {
    run.current += 1;
    setState(START);
  };
  const choose = (id) => {
    setKindId(id);
    if (state.file && !isDone) check(state.file, null, KINDS.find((one) => one.id === id));
    else reset();
  };
  const { file, report, problem, columns, checking } = state;
  const isDone = report && !report.dry_run;
  const changes = report ? report.summary.created + report.summary.updated : 0;
  const fieldErrors = problem?.errors?.filter((error) => error.field.startsWith("mapping.")) || [];
  const otherErrors = problem?.errors?.filter((error) => !error.field.startsWith("mapping.")) || [];
  if (!styled) return null;
  return html`<${OfficeShell} active="imports" title=${t("imports.title")}>
    <div class="import-kinds"><${Pills} label=${t("imports.kind")} value=${kindId} onChange=${choose} options=${KINDS.map((one) => ({ value: one.id, label: one.label() }))} />
      ${!file && html`<p>${kindId === "erp_orders" ? t("imports.orders_text") : t("imports.master_text")}</p>`}</div>
    ${!file && html`<${DropZone} kind=${kind} over=${over} onFile=${onFile} />`}
    ${isDone && html`<${Done} report=${report} kind=${kind} onReset=${reset} />`}
    ${file && !isDone && html`
      <${FileCard} state=${state} onReset=${reset}>
        ${report && html`<${Button} kind="primary" icon="check" busy=${apply.busy} disabled=${checking || !changes} data-testid="import-apply" onClick=${() => apply.go()}>${changes ? t("imports.apply", { n: number(changes) }) : t("imports.nothing")}<//>`}<//>
      ${apply.waiting && html`<${Notice} tone="warn" icon="wifi_off" title=${t("problem.no_answer")}>${t("imports.waiting")}<//>`}
      ${problem && html`<${Notice} tone="stop" title=${otherErrors[0]?.message ?? (fieldErrors.length ? t("imports.columns_missing") : problemText(problem))}>${t("imports.nothing_changed")}<//>`}
      ${report && report.summary.error > 0 && html`<${Notice} tone="warn" title=${t("imports.errors", { n: number(report.summary.error) })}>${t("imports.errors_text")}<//>`}
      ${columns && html`<${Mapping} kind=${kind} columns=${columns} mapping=${state.mapping} errors=${fieldErrors} open=${mappingOpen} onToggle=${() => setMappingOpen(!mappingOpen)} onChange=${(mapping) => check(file, mapping, kind)} />`}
      ${checking && !report && html`<div class="card import-checking" role="status"><b>${t("imports.checking")}</b><${Skeleton} rows="6" height="30" /></div>`}
      ${report && html`<${Verdicts} key=${JSON.stringify(state.mapping)} report=${report} />`}
      ${problem && !columns && html`<${DropZone} kind=${kind} over=${over} onFile=${onFile} />`}`}
  <//>`;
}
