// Good and scrap in one report.
import { html, useEffect, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { touchedText } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Picture } from "/js/components/picture.js";
import { Sheet } from "/js/components/sheet.js";
import { NumberPad } from "/js/components/touch.js";
import { scrapOf } from "/pages/floor/station/report.js";

/** A touch is one piece more; what is measured is typed (`onType`). */
function DefectTile({ defect, quantity, onChange, onType }) {
  return html`<div class="defect ${quantity ? "some" : ""}">
    <button
      type="button"
      class="defect-add ${defect.picture_id ? "pictured" : ""}"
      data-testid="scrap-${defect.code}"
      onClick=${onType ?? (() => onChange(quantity + 1))}
    >
      ${defect.picture_id && html`<${Picture} id=${defect.picture_id} service="quality" glyph="picture" />`}
      <span>${local(defect.name)}</span>
      <b>${quantity ? number(quantity, 6) : icon("plus")}</b>
    </button>
    ${
      quantity > 0 &&
      !onType &&
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
function Rework({ job, draft, setDraft, onType }) {
  const rework = Number(draft.rework);
  const set = (pieces) => setDraft({ ...draft, rework: Math.max(0, pieces) });
  return html`
    <div class="defect ${rework ? "some warn" : ""}">
      <button type="button" class="defect-add" data-testid="rework-add" onClick=${onType ?? (() => set(rework + 1))}>
        <span>${t("count.rework")}</span>
        <b>${rework ? number(rework, 6) : icon("plus")}</b>
      </button>
      ${
        rework > 0 &&
        !onType &&
        html`<button
          type="button"
          class="defect-less"
          data-testid="rework-less"
          aria-label=${t("report.less_one", { name: t("count.rework") })}
          onClick=${() => set(rework - 1)}
        >
          ${icon("minus")}
        </button>`
      }
    </div>
    ${
      rework > 0 &&
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

/** Sums of six decimals at most, without what binary fractions add to them. */
const plus = (text, more) => String(Math.round((Number(text || 0) + more) * 1e6) / 1e6);
const REWORK = "/rework";

/** What else is typed on the pad: the quantity of a defect or of rework, and its name. */
const targetOf = (target, draft, defects) =>
  target === REWORK
    ? { label: t("count.rework"), value: draft.rework || "" }
    : { label: local(defects.find((one) => one.code === target)?.name), value: draft.scrap[target] ?? "" };

/** `pane` ("good" | "scrap") is what a phone shows; a tablet shows both. */
export function ReportSheet({ open, onClose, job, defects, typed, pane, onPane, onSubmit }) {
  const [target, setTarget] = useState(null);
  useEffect(() => setTarget(null), [open, job?.id]);
  if (!job) return null;
  const { draft, setDraft } = typed;
  const scrap = scrapOf(draft);
  const rework = Number(draft.rework);
  const box = Number(job.box_quantity) || 0;
  const decimals = job.decimals ?? 0;
  const count = (code, quantity) => setDraft({ ...draft, scrap: { ...draft.scrap, [code]: quantity } });
  const weighed = target && targetOf(target, draft, defects);
  const type = (text) => {
    const value = touchedText(text, decimals);
    if (target === REWORK) setDraft({ ...draft, rework: value });
    else if (target) count(target, value);
    else setDraft({ ...draft, good: value });
  };
  const aim = (code) => {
    setTarget(code);
    onPane("good"); // where a phone has the pad
  };
  const typeOf = (code) => (decimals ? () => aim(code) : undefined);
  const nothing = !Number(draft.good) && !scrap && !rework;
  const words = nothing
    ? t("report.submit")
    : [
        Number(draft.good) ? `${t("count.good")} ${number(draft.good, 6)}` : "",
        scrap ? `${t("count.scrap")} ${number(scrap, 6)}` : "",
        rework ? `${t("count.rework")} ${number(rework, 6)}` : "",
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
        <label class="report-count ${pane === "good" && !target ? "on" : ""}">
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
            onFocus=${() => {
              setTarget(null);
              onPane("good");
            }}
            onInput=${(event) => setDraft({ ...draft, good: touchedText(event.currentTarget.value, decimals) })}
          />
        </label>
        <button
          type="button"
          class="report-count scrap ${pane === "scrap" ? "on" : ""}"
          data-testid="scrap-open"
          onClick=${() => {
            setTarget(null);
            onPane("scrap");
          }}
        >
          <span>${t("count.scrap")}</span>
          <b>${number(scrap, 6)}</b>
        </button>
        ${
          weighed &&
          html`<label class="report-count weighed on">
            <span>${weighed.label}</span>
            <input
              class="report-good"
              inputmode="none"
              autocomplete="off"
              placeholder="0"
              autofocus
              data-testid="weighed-input"
              value=${weighed.value}
              onKeyDown=${(event) => event.key === "Enter" && aim(null)}
              onInput=${(event) => type(event.currentTarget.value)}
            />
          </label>`
        }
      </div>
      <div class="report-pad">
        ${
          box > 0 &&
          html`<${Button}
            size="tall"
            icon="plus"
            onClick=${() => setDraft({ ...draft, good: plus(draft.good, box) })}
          >
            ${t("report.box", { n: number(box) })}
          <//>`
        }
        <${NumberPad} value=${String(weighed ? weighed.value : draft.good)} onChange=${type} point=${decimals > 0} />
      </div>
      <div class="report-defects ${defects.some((defect) => defect.picture_id) ? "pictured" : ""}">
        ${defects.map(
          (defect) =>
            html`<${DefectTile}
              key=${defect.code}
              defect=${defect}
              quantity=${Number(draft.scrap[defect.code] || 0)}
              onChange=${(quantity) => count(defect.code, Math.max(0, quantity))}
              onType=${typeOf(defect.code)}
            />`,
        )}
        ${job.id && html`<${Rework} job=${job} draft=${draft} setDraft=${setDraft} onType=${typeOf(REWORK)} />`}
        ${!defects.length && html`<p class="muted">${t("report.no_defects")}</p>`}
      </div>
    </div>
  <//>`;
}
