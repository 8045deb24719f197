// How an instruction stands: the state of what is shown, who wrote and who approved it, and what was said.
import { html } from "/js/lib/html.js";
import { moment } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { instructionDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { Chip, StateChip } from "/js/components/chip.js";

export function Lead({ doc, viewed, next, names, onBack }) {
  const shown = viewed ?? doc;
  const older = doc.approved && doc.approved.revision !== shown.revision;
  return html`<div class="instruction-lead">
    <div class="row wrap">
      ${
        next
          ? html`<${Chip} icon="edit">${t("instructions.next_revision", { n: doc.revision + 1 })}<//>`
          : html`
              <b class="instruction-revision">${t("instructions.revision_n", { n: shown.revision })}</b>
              <${StateChip}
                display=${instructionDisplay(shown.state)}
                data-testid="instruction-state"
                data-state=${shown.state}
              />
            `
      }
      ${!next && older && html`<span class="muted">${t("instructions.valid_n", { n: doc.approved.revision })}</span>`}
      ${
        viewed &&
        html`<${Button} size="small" onClick=${onBack}>${t("instructions.to_newest", { n: doc.revision })}<//>`
      }
    </div>
    ${
      !next &&
      html`<dl class="instruction-facts">
        ${
          shown.item &&
          html`<div>
            <dt>${t("instructions.for")}</dt>
            <dd>${shown.item}${shown.op ? ` · ${t("job.op", { op: shown.op })}` : ""}</dd>
          </div>`
        }
        <div>
          <dt>${t("instructions.authors")}</dt>
          <dd>${shown.authors.map(names).join(", ")} <span class="muted">${moment(shown.written_at)}</span></dd>
        </div>
        ${
          shown.approved_by &&
          html`<div>
            <dt>${t("instructions.approved_by")}</dt>
            <dd>${names(shown.approved_by)} <span class="muted">${moment(shown.approved_at)}</span></dd>
          </div>`
        }
      </dl>`
    }
    ${
      !next &&
      shown.note &&
      html`<p class="notice ${shown.state === "approved" ? "run" : "warn"}">
        ${icon("flag")}
        <span>${shown.note}</span>
      </p>`
    }
  </div>`;
}
