// One of several: which lot a printed number means, or for which material of the job a lot counts.
import { html } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Dialog } from "/js/components/sheet.js";
import { Tiles } from "/js/components/touch.js";

/** The lots of one printed number; `onPick(lot)` gets {lot, item, remaining}. */
export function LotChoice({ lots, materials, onPick }) {
  const material = (lot) => materials.find((one) => one.items.includes(lot.item));
  const note = (lot) =>
    [
      local(material(lot)?.name) || lot.item,
      t("material.left", { n: number(lot.remaining), unit: material(lot)?.unit ?? "" }),
    ].join(" · ");
  return html`<div class="material-choice" data-testid="material-choice">
    <${Tiles}
      class="two"
      items=${lots.map((lot) => ({ value: lot.lot, label: lot.lot, note: note(lot), testid: `choose-${lot.lot}` }))}
      onPick=${(code) => onPick(lots.find((lot) => lot.lot === code))}
    />
  </div>`;
}

/** `choosing` is {body, lines}, or null; `onPick(material)` gets one of the lines, or nothing. */
export function LineQuestion({ choosing, onPick }) {
  if (!choosing) return null;
  return html`<${Dialog}
    open
    onClose=${() => onPick()}
    title=${choosing.body.lot}
    data-testid="material-line"
    actions=${html`
      <${Button} size="tall" icon="back" data-testid="question-no" onClick=${() => onPick()}>
        ${t("question.no")}
      <//>
    `}
  >
    <p class="question-text"><span>${t("material.which_line")}</span></p>
    <${Tiles}
      class="two"
      items=${choosing.lines.map((line) => ({
        value: line.component,
        label: local(line.name) || line.component,
        note: `${number(line.consumed)} / ${number(line.needed)} ${line.unit}`,
        testid: `line-${line.component}`,
      }))}
      onPick=${(component) => onPick(choosing.lines.find((line) => line.component === component))}
    />
  <//>`;
}
