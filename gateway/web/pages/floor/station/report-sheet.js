// Good and scrap in one report.
import { html } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Picture } from "/js/components/picture.js";
import { Sheet } from "/js/components/sheet.js";
import { NumberPad } from "/js/components/touch.js";
import { scrapOf } from "/pages/floor/station/report.js";

function DefectTile({ defect, quantity, onChange }) {
  return html`<div class="defect ${quantity ? "some" : ""}">
    <button
      type="button"
      class="defect-add ${defect.picture ? "pictured" : ""}"
      data-testid="scrap-${defect.code}"
      onClick=${() => onChange(quantity + 1)}
    >
      ${defect.picture && html`<${Picture} id=${defect.picture} service="quality" glyph="picture" />`}
      <span>${local(defect.name)}</span>
      <b>${quantity || icon("plus")}</b>
    </button>
    ${
      quantity > 0 &&
      html`<button
        type="button"
        class="defect-less"
        data-testid="scrap-${defect.code}-less"
        aria-label=${t("report.less_one", { name: local(defect.name) })}
        onClick=${() => onChange(quantity - 1)}
      >
        ${icon("minus")}
      </button>`
    }
  </div>`;
}

/** Pieces that have to be worked on once more, and at which operation. */
function Rework({ job, draft, setDraft }) {
  const set = (rework) => setDraft({ ...draft, rework: Math.max(0, rework) });
  return html`
    <div class="defect ${draft.rework ? "some warn" : ""}">
      <button type="button" class="defect-add" data-testid="rework-add" onClick=${() => set(draft.rework + 1)}>
        <span>${t("count.rework")}</span>
        <b>${draft.rework || icon("plus")}</b>
      </button>
      ${
        draft.rework > 0 &&
        html`<button
          type="button"
          class="defect-less"
          data-testid="rework-less"
          aria-label=${t("report.less_one", { name: t("count.rework") })}
          onClick=${() => set(draft.rework - 1)}
        >
          ${icon("minus")}
        </button>`
      }
    </div>
    ${
      draft.rework > 0 &&
      (job.predecessors ?? []).length > 0 &&
      html`<div class="rework-ops" role="group" aria-label=${t("report.rework_at")}>
        ${[null, ...job.predecessors].map(
          (op) =>
            html`<button
              type="button"
              key=${op}
              class="tile ${draft.rework_op === op ? "on" : ""}"
              aria-pressed=${draft.rework_op === op}
              data-testid="rework-op-${op ?? job.op}"
              onClick=${() => setDraft({ ...draft, rework_op: op })}
            >
              ${t("job.op", { op: op ?? job.op })}
            </button>`,
        )}
      </div>`
    }
  `;
}

/** `pane` ("good" | "scrap") is what a phone shows; a tablet shows both. */
export function ReportSheet({ open, onClose, job, defects, typed, pane, onPane, onSubmit }) {
  if (!job) return null;
  const { draft, setDraft } = typed;
  const scrap = scrapOf(draft);
  const box = Number(job.box_quantity) || 0;
  const type = (text) =>
    setDraft({
      ...draft,
      good: text
        .replace(/\D/g, "")
        .replace(/^0+(?=\d)/, "")
        .slice(0, 6),
    });
  const count = (code, quantity) => setDraft({ ...draft, scrap: { ...draft.scrap, [code]: Math.max(0, quantity) } });
  const nothing = !Number(draft.good) && !scrap && !draft.rework;
  const words = nothing
    ? t("report.submit")
    : [
        Number(draft.good) ? `${t("count.good")} ${number(draft.good)}` : "",
        scrap ? `${t("count.scrap")} ${number(scrap)}` : "",
        draft.rework ? `${t("count.rework")} ${number(draft.rework)}` : "",
      ]
        .filter(Boolean)
        .join(" · ");
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${job.id ? `${job.item} ${local(job.item_name)}` : t("unassigned.title")}
    class="report"
    data-testid="report-sheet"
    footer=${html`
      <div class="grow"></div>
      <${Button}
        kind="primary"
        size="tall"
        icon="check"
        class="submit"
        data-testid="report-submit"
        disabled=${nothing}
        onClick=${onSubmit}
      >
        ${nothing ? words : t("report.submit_words", { words })}
      <//>
    `}
  >
    <div class="report-panes" data-pane=${pane}>
      <div class="report-tabs">
        <label class="report-count ${pane === "good" ? "on" : ""}">
          <span>${t("count.good")}</span>
          <input
            class="report-good"
            inputmode="none"
            autocomplete="off"
            placeholder="0"
            data-testid="good-input"
            autofocus=${pane === "good"}
            value=${draft.good}
            onKeyDown=${(event) => event.key === "Enter" && !nothing && onSubmit()}
            onFocus=${() => onPane("good")}
            onInput=${(event) => type(event.currentTarget.value)}
          />
        </label>
        <button
          type="button"
          class="report-count scrap ${pane === "scrap" ? "on" : ""}"
          data-testid="scrap-open"
          onClick=${() => onPane("scrap")}
        >
          <span>${t("count.scrap")}</span>
          <b>${number(scrap)}</b>
        </button>
      </div>
      <div class="report-pad">
        ${
          box > 0 &&
          html`<${Button}
            size="tall"
            icon="plus"
            onClick=${() => setDraft({ ...draft, good: String(Number(draft.good || 0) + box) })}
          >
            ${t("report.box", { n: number(box) })}
          <//>`
        }
        <${NumberPad} value=${draft.good} onChange=${type} />
      </div>
      <div class="report-defects ${defects.some((defect) => defect.picture) ? "pictured" : ""}">
        ${defects.map(
          (defect) =>
            html`<${DefectTile}
              key=${defect.code}
              defect=${defect}
              quantity=${draft.scrap[defect.code] || 0}
              onChange=${(quantity) => count(defect.code, quantity)}
            />`,
        )}
        ${job.id && html`<${Rework} job=${job} draft=${draft} setDraft=${setDraft} />`}
        ${!defects.length && html`<p class="muted">${t("report.no_defects")}</p>`}
      </div>
    </div>
  <//>`;
}
