// Good and scrap in one report. The keypad belongs to what is outlined: the good pieces, a defect, or rework.
import { html, useEffect, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { asTyped, quantityText } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { None } from "/js/components/feedback.js";
import { Picture } from "/js/components/picture.js";
import { Sheet } from "/js/components/sheet.js";
import { Keys } from "/js/components/touch.js";
import {
  isDefect,
  piecesOf,
  quantityAt,
  scrapOf,
  withKey,
  withMore,
  withQuantity,
} from "/pages/floor/station/report.js";

/** A touch is one more; digits give the number. */
function Counter({ name, testid, less, quantity, target, tone = "", picture, on, onMore }) {
  return html`<div class="defect ${quantity ? "some" : ""} ${on ? "on" : ""} ${tone}">
    <button
      type="button"
      class="defect-add ${picture ? "pictured" : ""}"
      data-testid=${testid}
      aria-pressed=${on}
      onClick=${() => onMore(target, 1)}
    >
      ${picture && html`<${Picture} id=${picture} service="quality" glyph="picture" />`}
      <span>${name}</span>
      <b>${quantity ? number(quantity, 6) : icon("plus")}</b>
    </button>
    ${
      quantity > 0 &&
      html`<button
        type="button"
        class="defect-less"
        data-testid=${less}
        aria-label=${t("report.less_one", { name })}
        onClick=${() => onMore(target, -1)}
      >
        ${icon("minus")}
      </button>`
    }
  </div>`;
}

/** At which operation the pieces are worked on once more. */
function ReworkAt({ job, draft, setDraft }) {
  if (!Number(draft.rework) || !(job.predecessors ?? []).length) return null;
  return html`<div class="rework-ops" role="group" aria-label=${t("report.rework_at")}>
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
  </div>`;
}

/** Which item the pieces without an order are: the machine's own first. */
function ItemChoice({ items, chosen, onPick }) {
  return html`<div class="report-items" role="group" aria-label=${t("field.item")} data-testid="unassigned-items">
    ${items.map(
      (item) =>
        html`<button
          type="button"
          key=${item.code}
          class="tile ${chosen === item.code ? "on" : ""}"
          aria-pressed=${chosen === item.code}
          data-testid="unassigned-item-${item.code}"
          onClick=${() => onPick(item.code)}
        >
          <span class="ellipsis">${item.code || local(item.name)}</span>
          <small class="ellipsis">${item.code && local(item.name)}</small>
        </button>`,
    )}
  </div>`;
}

const wordsOf = ({ good, scrap, rework }) =>
  [
    good ? `${t("count.good")} ${number(good, 6)}` : "",
    scrap ? `${t("count.scrap")} ${number(scrap, 6)}` : "",
    rework ? `${t("count.rework")} ${number(rework, 6)}` : "",
  ]
    .filter(Boolean)
    .join(" · ");

/**
 * `first` is where the keypad writes when the sheet opens: "good" or "scrap". `items`: those to choose from where
 * there is no order. `emptied` is what it means to enter nothing, where that means something.
 */
export function ReportSheet({
  open,
  onClose,
  job,
  catalogue,
  typed,
  first,
  items,
  title = "",
  emptied = "",
  onSubmit,
}) {
  const defects = catalogue.data?.defects ?? [];
  const [target, setTarget] = useState(first);
  const [fresh, setFresh] = useState(true);
  const aim = (next) => {
    setTarget(next);
    setFresh(true);
  };
  useEffect(() => {
    if (open) aim(first === "scrap" && defects.length === 1 ? defects[0].code : first);
  }, [open, first]);
  if (!job || !typed.draft) return null;
  const { draft, setDraft } = typed;
  const box = Number(job.box_quantity) || 0;
  const decimals = job.decimals ?? 0;
  const pieces = piecesOf(draft);
  const nothing = !pieces.good && !pieces.scrap && !pieces.rework;
  const incomplete = (nothing && !emptied) || (items?.length > 0 && (draft.item ?? null) === null);
  const inScrap = target !== "good";
  const press = (key) => {
    setDraft(withKey(draft, target, key, { decimals, fresh }));
    setFresh(false);
  };
  const more = (to, count) => {
    aim(to);
    setDraft(withMore(draft, to, count));
  };
  const type = (text) => {
    const good = asTyped(quantityText(text, decimals), decimals);
    if (good !== null) setDraft(withQuantity(draft, "good", good));
    setFresh(false);
  };
  const names = Object.fromEntries(defects.map((defect) => [defect.code, local(defect.name)]));
  const aimed = isDefect(target) ? names[target] : { good: t("count.good"), rework: t("count.rework") }[target];
  const counter = { onMore: more };
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${[title, job.id ? `${job.item} ${local(job.item_name)}` : t("unassigned.title")].filter(Boolean).join(" · ")}
    class="report"
    data-testid="report-sheet"
    footer=${html`
      ${
        box > 0 &&
        html`<${Button} size="tall" icon="plus" data-testid="report-box" onClick=${() => more("good", box)}>
          ${t("report.box", { n: number(box) })}
        <//>`
      }
      <div class="grow"></div>
      <${Button}
        kind="primary"
        size="tall"
        icon="check"
        class="submit"
        data-testid="report-submit"
        disabled=${incomplete}
        onClick=${onSubmit}
      >
        ${nothing ? emptied || t("report.submit") : t("report.submit_words", { words: wordsOf(pieces) })}
      <//>
    `}
  >
    <div class="report-panes ${items?.length ? "with-items" : ""}" data-pane=${inScrap ? "scrap" : "good"}>
      <div class="report-tabs">
        <label class="report-count ${inScrap ? "" : "on"}">
          <span>${t("count.good")}</span>
          <input
            class="report-good"
            inputmode="none"
            autocomplete="off"
            placeholder="0"
            data-testid="good-input"
            autofocus=${first === "good"}
            value=${draft.good}
            onKeyDown=${(event) => event.key === "Enter" && !incomplete && onSubmit()}
            onPointerDown=${() => aim("good")}
            onInput=${(event) => {
              setTarget("good");
              type(event.currentTarget.value);
            }}
          />
        </label>
        <button
          type="button"
          class="report-count scrap ${target === "scrap" ? "on" : ""}"
          data-testid="scrap-open"
          onClick=${() => !inScrap && aim("scrap")}
        >
          <span>${t("count.scrap")}</span>
          <b>${number(scrapOf(draft), 6)}</b>
        </button>
      </div>
      <div class="report-pad">
        <p class="report-aim ${inScrap ? "scrap" : ""}" data-testid="report-aim" data-target=${target}>
          ${
            aimed
              ? html`<b class="ellipsis">${aimed}</b><span>${quantityAt(draft, target) || 0}</span>`
              : t("report.choose_defect")
          }
        </p>
        <${Keys} onKey=${press} point=${decimals > 0} disabled=${target === "scrap"} />
      </div>
      <div class="report-side">
        ${
          items?.length > 0 &&
          html`<${ItemChoice} items=${items} chosen=${draft.item} onPick=${(item) => setDraft({ ...draft, item })} />`
        }
        <div class="report-defects ${defects.some((defect) => defect.picture_id) ? "pictured" : ""}">
          ${defects.map(
            (defect) =>
              html`<${Counter}
                ...${counter}
                key=${defect.code}
                target=${defect.code}
                testid="scrap-${defect.code}"
                less="scrap-${defect.code}-less"
                name=${local(defect.name)}
                picture=${defect.picture_id}
                quantity=${Number(draft.scrap[defect.code]) || 0}
                on=${target === defect.code}
              />`,
          )}
          ${
            job.id &&
            html`<${Counter}
                ...${counter}
                target="rework"
                testid="rework-add"
                less="rework-less"
                name=${t("count.rework")}
                tone="warn"
                quantity=${pieces.rework}
                on=${target === "rework"}
              />
              <${ReworkAt} job=${job} draft=${draft} setDraft=${setDraft} />`
          }
          ${!defects.length && html`<${None} of=${catalogue} text=${t("report.no_defects")} />`}
        </div>
      </div>
    </div>
  <//>`;
}
