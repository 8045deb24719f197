// The ledger of one lot: every change of its quantity, what was written last first. A receipt, a scan or a shipment can
// be taken back; the quantity of a receipt or a shipment is corrected in one step.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { usePeople } from "/js/lib/names.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { CorrectDialog, size } from "/pages/quality/lot/correct.js";
import { lotPage } from "/pages/quality/lots/texts.js";

const REVERSIBLE = ["received", "consumed", "shipped"];
const CORRECTABLE = ["received", "shipped"];
const LATER_MS = 60_000;
const SERIALS = 4;

function Where({ movement }) {
  if (movement.other) return html`<a href=${lotPage(movement.other)}>${movement.other}</a>`;
  if (movement.customer) return [movement.customer, movement.reference].filter(Boolean).join(" · ");
  if (movement.number)
    return html`<a class="in-text" href="/orders/${encodeURIComponent(movement.number)}">${movement.number}</a>
      ${` · ${t("job.op", { op: movement.op })}`}`;
  return "–";
}

const isGivenBack = (one) => one.kind === "consumed" && Number(one.quantity) > 0 && !one.reverses_id;
const stands = (one) => !one.reverses_id && !one.reversed_by_id;
const leads = () => may("leader", "quality", "planner");
/** An operator takes a scan back, and corrects no receipt and no shipment. */
const isReversible = (one) =>
  REVERSIBLE.includes(one.kind) && stands(one) && (leads() || (one.kind === "consumed" && may("operator")));
/** Numbered pieces that were sent go back one by one: which of them is no matter of a quantity. */
const isCorrectable = (one) => CORRECTABLE.includes(one.kind) && stands(one) && !one.serials.length && leads();

function What({ movement }) {
  const { kind, serials, flags } = movement;
  return html`
    <span class="first">${isGivenBack(movement) ? t("lot_move.given_back") : t(`lot_move.${kind}`)}</span>
    ${movement.reverses_id && html` <${Chip} icon="undo">${t("lots.taken_back")}<//>`}
    ${flags.map((flag) => html` <${Chip} key=${flag} tone="warn" icon="warning">${t(`lot_flag.${flag}`)}<//>`)}
    ${
      serials.length > 0 &&
      html`<span class="second" title=${serials.join(", ")}>
        ${serials.slice(0, SERIALS).join(", ")}
        ${serials.length > SERIALS ? ` ${t("lot_serials.others", { n: number(serials.length - SERIALS) })}` : ""}
      </span>`
    }
  `;
}

export function Movements({ lot, onChanged }) {
  const [back, setBack] = useState(null);
  const [wrong, setWrong] = useState(null);
  const person = usePeople();
  const reverse = useAction((key, id, reason) => post(`/production/lot-movements/${id}/reverse`, { reason }, { key }), {
    done: () => {
      setBack(null);
      toast(t("lots.reversed"));
      onChanged();
    },
    failed: toastProblem,
  });
  const columns = [
    {
      key: "at",
      class: "at",
      label: t("lots.at"),
      render: (one) =>
        html`
          <span class="first nowrap">${moment(one.at)}</span>
          ${
            Date.parse(one.recorded_at) - Date.parse(one.at) > LATER_MS &&
            html`<span class="second nowrap">${t("lot_move.recorded", { at: moment(one.recorded_at) })}</span>`
          }
        `,
    },
    { key: "kind", class: "what", label: t("lots.what"), render: (one) => html`<${What} movement=${one} />` },
    {
      key: "quantity",
      class: "much",
      label: t("field.quantity"),
      align: "end",
      render: (one) =>
        html`<b class=${one.reversed_by_id ? "struck" : ""}>
          ${Number(one.quantity) > 0 ? "+" : ""}
          ${number(one.quantity)}
        </b>`,
    },
    { key: "where", class: "where", label: t("lots.where"), render: (one) => html`<${Where} movement=${one} />` },
    { key: "reason", class: "wide-only", label: t("reason.label"), render: (one) => one.reason ?? "" },
    { key: "person", class: "wide-only", label: t("lots.person"), render: (one) => person(one.person) },
    {
      key: "does",
      class: "does",
      label: "",
      align: "end",
      render: (one) =>
        html`<span class="row">
          ${
            isCorrectable(one) &&
            html`<${Button}
              size="small"
              kind="quiet"
              icon="edit"
              aria-label=${t("lot_correct.confirm")}
              title=${t("lot_correct.confirm")}
              data-testid="correct-${one.kind}"
              onClick=${() => setWrong(one)}
            />`
          }
          ${
            isReversible(one) &&
            html`<${Button}
              size="small"
              kind="quiet"
              icon="undo"
              aria-label=${t("lots.take_back")}
              title=${t("lots.take_back")}
              data-testid="reverse-${one.kind}"
              onClick=${() => setBack(one)}
            />`
          }
        </span>`,
    },
  ];
  return html`
    <${Table}
      compact
      class="movements-table"
      label=${t("lot_tab.movements")}
      columns=${columns}
      rows=${lot.movements}
      rowKey=${(one) => one.id}
      empty=${html`<${Empty} icon="list" title=${t("lots.no_movements")} />`}
    />
    <${ReasonDialog}
      open=${back !== null}
      onClose=${() => setBack(null)}
      kind="correction"
      title=${back && t(`lot_back.${back.kind}`, { n: `${number(size(back))} ${lot.unit}` })}
      text=${back && t(`lot_back.what.${back.kind}`)}
      confirm=${t("lots.take_back")}
      tone="danger"
      busy=${reverse.busy}
      onConfirm=${(reason) => reverse.go(back.id, reason)}
    />
    <${CorrectDialog}
      movement=${wrong}
      unit=${lot.unit}
      onClose=${() => setWrong(null)}
      onDone=${() => {
        setWrong(null);
        toast(t("lot_correct.done"));
        onChanged();
      }}
    />
  `;
}
