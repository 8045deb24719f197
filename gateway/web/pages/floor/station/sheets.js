// The sheets that slide over the operator's screen: it never changes the page.
import { html, useEffect } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { LANGUAGES, language, local, setLanguage, t } from "/js/lib/i18n.js";
import { icon } from "/js/lib/icons.js";
import { me } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Skeleton } from "/js/components/feedback.js";
import { Picture } from "/js/components/picture.js";
import { Sheet } from "/js/components/sheet.js";
import { Tiles } from "/js/components/touch.js";
import { ReasonTiles } from "/pages/floor/station/reasons.js";

/** A stop without a reason is offered only where none can be chosen: `catalogue` has none, or could not be read. */
export function PauseSheet({ open, onClose, catalogue, uses, onPick }) {
  const { data, error } = catalogue;
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("pause.title")} data-testid="pause-sheet">
    ${!data && !error && html`<${Skeleton} rows="3" height="72" />`}
    ${data?.reasons.length > 0 && html`<${ReasonTiles} reasons=${data.reasons} uses=${uses} onPick=${onPick} />`}
    ${
      (data ? !data.reasons.length : error) &&
      html`<${Button} kind="warn" size="tall" icon="pause" onClick=${() => onPick()}>${t("job.pause")}<//>`
    }
  <//>`;
}

/** `material` says what was given to the job: what is followed by lot and has none is said before the end. */
export function FinishSheet({ open, onClose, job, picture, material, onMaterial, onFinish }) {
  useEffect(() => {
    if (open) material.load();
  }, [open]);
  if (!job) return null;
  const short = Number(job.planned) - Number(job.good);
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${t("finish.title")}
    class="narrow"
    data-testid="finish-sheet"
    footer=${html`
      <${Button} size="tall" onClick=${onClose}>${t("action.cancel")}<//>
      <${Button} kind="primary" size="tall" icon="check" class="wide" data-testid="job-finish" onClick=${onFinish}>
        ${t("job.finish")}
      <//>
    `}
  >
    <div class="finish-item">
      ${picture && html`<${Picture} id=${picture} glyph="part" />`}
      <p><b>${local(job.item_name) || job.item}</b><span>${job.number} · ${t("job.op", { op: job.op })}</span></p>
    </div>
    <div class="finish-facts">
      <p>
        <span>${t("count.good")}</span>
        <b class="tone-run">${number(job.good)}</b>
        <span>/ ${number(job.planned)} ${job.unit}</span>
      </p>
      <p><span>${t("count.scrap")}</span><b class="tone-stop">${number(job.scrap)}</b></p>
    </div>
    ${
      short > 0 &&
      html`<div class="notice warn">${icon("warning")}<p>${t("finish.short", { n: number(short) })}</p></div>`
    }
    ${
      material.missing.length > 0 &&
      html`<div class="notice warn finish-lots" data-testid="finish-no-lot">
        ${icon("lot")}
        <p class="grow">
          ${t("finish.no_lot", { items: material.missing.map((one) => local(one.name) || one.component).join(", ") })}
        </p>
        <${Button} size="tall" icon="scan" data-testid="finish-material" onClick=${onMaterial}>
          ${t("material.open")}
        <//>
      </div>`
    }
  <//>`;
}

/** On a tablet the language is the person's, until they sign out. */
export function LanguageSheet({ open, onClose }) {
  const items = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label, testid: `language-${value}` }));
  const speak = (code) => setLanguage(code, { passing: Boolean(me.value?.device) }).then(onClose);
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("language.title")} class="narrow">
    <${Tiles} items=${items} value=${language.value} onPick=${speak} />
  <//>`;
}
