// What was given to the job, lot by lot, and how much of it goes back: weighed or counted, on the keypad.
import { html, useEffect, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { keyed } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Dialog } from "/js/components/sheet.js";
import { Keys } from "/js/components/touch.js";

/** The lots in a material; `onBack(material, lot)` asks how much of one is left over. */
export function Given({ material, onBack }) {
  if (!material.lots.length) return null;
  return html`<ul class="material-in">
    ${material.lots.map(
      (lot) => html`<li key=${lot.lot}>
        ${icon("check")}
        <span class="grow lot-code">${lot.lot}</span>
        ${Number(lot.quantity) > 0 && html`<span class="nowrap">${number(lot.quantity)} ${material.unit}</span>`}
        <${Button}
          size="tall"
          icon="undo"
          data-testid="leftover-${lot.lot}"
          onClick=${() => onBack(material, lot)}
        >
          ${t("material.leftover")}
        <//>
      </li>`,
    )}
  </ul>`;
}

/** `leaving` is {material, lot}, or null; `onAnswer(quantity)` gets what goes back, or nothing. */
export function LeftoverDialog({ leaving, onAnswer }) {
  const [typed, setTyped] = useState("");
  useEffect(() => setTyped(""), [leaving]);
  if (!leaving) return null;
  const { material, lot } = leaving;
  const { unit, decimals } = material;
  const given = Number(lot.quantity);
  const quantity = Number(typed);
  const isMore = given > 0 && quantity > given;
  const press = (key) => setTyped((now) => (key === "clear" ? "" : keyed(now, key, decimals)));
  return html`<${Dialog}
    open
    onClose=${() => onAnswer()}
    title=${t("material.leftover_of", { lot: lot.lot })}
    data-testid="material-leftover"
    actions=${html`
      <${Button} size="tall" icon="back" data-testid="question-no" onClick=${() => onAnswer()}>
        ${t("question.no")}
      <//>
      <${Button}
        kind="primary"
        size="tall"
        icon="undo"
        data-testid="question-yes"
        disabled=${!(quantity > 0) || isMore}
        onClick=${() => onAnswer(quantity)}
      >
        ${quantity > 0 ? t("material.gives_back", { n: number(quantity), unit }) : t("material.leftover")}
      <//>
    `}
  >
    <p class="material-amount" data-testid="material-amount">
      <b>${typed || 0}</b>
      <span class=${isMore ? "tone-stop" : ""}>
        ${unit} ${given > 0 && t("material.given", { n: number(given), unit })}
      </span>
    </p>
    <${Keys} onKey=${press} point=${decimals > 0} />
  <//>`;
}
