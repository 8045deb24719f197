// The sheets that slide over the operator's screen: it never changes the page.
import { html } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { LANGUAGES, language, local, setLanguage, t } from "/js/lib/i18n.js";
import { icon } from "/js/lib/icons.js";
import { Button } from "/js/components/button.js";
import { problemText } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";
import { NumberPad, Tiles } from "/js/components/touch.js";
import { scrapOf } from "/js/screens/station/report.js";

const ORDER = ["unplanned", "setup", "planned"];
const rank = (reason) => (ORDER.indexOf(reason.kind) + ORDER.length + 1) % (ORDER.length + 1);

export function PauseSheet({ open, onClose, reasons, pause, onPick }) {
  const items = [...reasons].sort((a, b) => rank(a) - rank(b)).map((reason) => ({ value: reason.code, label: local(reason.name), note: t(`reason.${reason.kind}`), testid: `reason-${reason.code}` }));
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("pause.title")} data-testid="pause-sheet">
    ${items.length ? html`<${Tiles} items=${items} onPick=${onPick} />` : html`<${Button} kind="warn" size="tall" icon="pause" busy=${pause.busy} onClick=${() => onPick()}>${t("job.pause")}<//>`}
  <//>`;
}

export function FinishSheet({ open, onClose, job, finish }) {
  if (!job) return null;
  const short = Number(job.planned) - Number(job.good);
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("finish.title")} class="narrow" data-testid="finish-sheet"
      footer=${html`<${Button} size="tall" onClick=${onClose}>${t("action.cancel")}<//>
        <${Button} kind="primary" size="tall" icon="check" class="wide" data-testid="job-finish" busy=${finish.busy} onClick=${() => finish.go(job)}>${t("job.finish")}<//>`}>
    <div class="finish-facts"><p><span>${t("count.good")}</span><b class="tone-run">${number(job.good)}</b><span>/ ${number(job.planned)} ${job.unit}</span></p>
      <p><span>${t("count.scrap")}</span><b class="tone-stop">${number(job.scrap)}</b></p></div>
    ${short > 0 && html`<div class="notice warn">${icon("warning")}<p>${t("finish.short", { n: number(short) })}</p></div>`}
  <//>`;
}

export function LanguageSheet({ open, onClose }) {
  const items = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label, testid: `language-${value}` }));
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("language.title")} class="narrow">
    <${Tiles} items=${items} value=${language.value} onPick=${(code) => setLanguage(code).then(onClose)} /><//>`;
}

export function PersonSheet({ open, onClose, name, onLeave }) {
  return html`<${Sheet} open=${open} onClose=${onClose} title=${name} class="narrow"
    footer=${html`<${Button} size="tall" onClick=${onClose}>${t("action.cancel")}<//><${Button} kind="primary" size="tall" icon="leave" class="wide" data-testid="sign-out" onClick=${onLeave}>${t("session.sign_out")}<//>`}>
    <p class="muted">${t("station.sign_out_text")}</p><//>`;
}

function DefectTile({ defect, quantity, onChange }) {
  return html`<div class="defect ${quantity ? "some" : ""}">
    <button type="button" class="defect-add" data-testid="scrap-${defect.code}" aria-label=${t("report.add_one", { name: local(defect.name) })} onClick=${() => onChange(quantity + 1)}>
      <span>${local(defect.name)}</span><b>${quantity || icon("plus")}</b></button>
    ${quantity > 0 && html`<button type="button" class="defect-less" data-testid="scrap-${defect.code}-less" aria-label=${t("report.less_one", { name: local(defect.name) })} onClick=${() => onChange(quantity - 1)}>${icon("minus")}</button>`}
  </div>`;
}

/** Good and scrap in one report. `pane` ("good" | "scrap") is what a phone shows; a tablet shows both. */
export function ReportSheet({ open, onClose, job, defects, report, pane, onPane, onSubmit }) {
  if (!job) return null;
  const { draft, setDraft } = report;
  const scrap = scrapOf(draft);
  const box = Number(job.box_quantity) || 0;
  const type = (text) => setDraft({ ...draft, good: text.replace(/\D/g, "").replace(/^0+(?=\d)/, "").slice(0, 6) });
  const count = (code, quantity) => setDraft({ ...draft, scrap: { ...draft.scrap, [code]: Math.max(0, quantity) } });
  const nothing = !Number(draft.good) && !scrap;
  const words = nothing ? t("report.submit") : [Number(draft.good) ? `${t("count.good")} ${number(draft.good)}` : "", scrap ? `${t("count.scrap")} ${number(scrap)}` : ""].filter(Boolean).join(" · ");
  return html`<${Sheet} open=${open} onClose=${onClose} title="${job.item} ${local(job.item_name)}" class="report" data-testid="report-sheet"
      footer=${html`<div class="grow">${report.problem && html`<p class="notice stop" role="alert">${icon("warning")}<span>${problemText(report.problem)} ${t("report.kept")}</span></p>`}
          ${report.waiting && html`<p class="notice warn" role="status">${icon("wifi_off")}<span>${t("report.waiting")}</span></p>`}</div>
        <${Button} kind="primary" size="tall" icon="check" class="submit" data-testid="report-submit" disabled=${nothing} busy=${report.busy} onClick=${onSubmit}>${nothing ? words : t("report.submit_words", { words })}<//>`}>
    <div class="report-panes" data-pane=${pane}>
      <div class="report-tabs">
        <label class="report-count ${pane === "good" ? "on" : ""}"><span>${t("count.good")}</span>
          <input class="report-good" inputmode="none" autocomplete="off" placeholder="0" data-testid="good-input" autofocus=${pane === "good"} value=${draft.good}
            onKeyDown=${(event) => event.key === "Enter" && !nothing && onSubmit()} onFocus=${() => onPane("good")} onInput=${(event) => type(event.currentTarget.value)} /></label>
        <button type="button" class="report-count scrap ${pane === "scrap" ? "on" : ""}" data-testid="scrap-open" onClick=${() => onPane("scrap")}><span>${t("count.scrap")}</span><b>${number(scrap)}</b></button>
      </div>
      <div class="report-pad">
        ${box > 0 && html`<${Button} size="tall" icon="plus" onClick=${() => setDraft({ ...draft, good: String(Number(draft.good || 0) + box) })}>${t("report.box", { n: number(box) })}<//>`}
        <${NumberPad} value=${draft.good} onChange=${type} /></div>
      <div class="report-defects">${defects.map((defect) => html`<${DefectTile} key=${defect.code} defect=${defect} quantity=${draft.scrap[defect.code] || 0} onChange=${(quantity) => count(defect.code, quantity)} />`)}
        ${!defects.length && html`<p class="muted">${t("report.no_defects")}</p>`}</div>
    </div>
  <//>`;
}
