// The sheets that slide over the operator's screen: it never changes the page.
import { html } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { LANGUAGES, language, local, setLanguage, t } from "/js/lib/i18n.js";
import { icon } from "/js/lib/icons.js";
import { Button } from "/js/components/button.js";
import { Picture } from "/js/components/picture.js";
import { Sheet } from "/js/components/sheet.js";
import { Tiles } from "/js/components/touch.js";

const ORDER = ["unplanned", "setup", "planned"];
const rank = (reason) => (ORDER.indexOf(reason.kind) + ORDER.length + 1) % (ORDER.length + 1);

export function PauseSheet({ open, onClose, reasons, onPick }) {
  const items = [...reasons]
    .sort((a, b) => rank(a) - rank(b))
    .map((reason) => ({
      value: reason.code,
      label: local(reason.name),
      note: t(`reason.${reason.kind}`),
      testid: `reason-${reason.code}`,
    }));
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("pause.title")} data-testid="pause-sheet">
    ${
      items.length
        ? html`<${Tiles} items=${items} onPick=${onPick} />`
        : html`<${Button} kind="warn" size="tall" icon="pause" onClick=${() => onPick()}>${t("job.pause")}<//>`
    }
  <//>`;
}

export function FinishSheet({ open, onClose, job, picture, onFinish }) {
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
  <//>`;
}

export function LanguageSheet({ open, onClose }) {
  const items = Object.entries(LANGUAGES).map(([value, label]) => ({ value, label, testid: `language-${value}` }));
  return html`<${Sheet} open=${open} onClose=${onClose} title=${t("language.title")} class="narrow">
    <${Tiles} items=${items} value=${language.value} onPick=${(code) => setLanguage(code).then(onClose)} />
  <//>`;
}
