// The ledger of one lot: every change of its quantity, the newest first; a scan or a shipment can be taken back.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Table } from "/js/components/table.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { lotPage } from "/pages/quality/lots/texts.js";

const REVERSIBLE = ["consumed", "shipped"];

function Where({ movement }) {
  if (movement.other) return html`<a href=${lotPage(movement.other)}>${movement.other}</a>`;
  if (movement.customer) return [movement.customer, movement.reference].filter(Boolean).join(" · ");
  if (movement.number)
    return html`<a class="in-text" href="/orders/${encodeURIComponent(movement.number)}">${movement.number}</a> ·
      ${t("job.op", { op: movement.op })}`;
  return "–";
}

export function Movements({ lot, onChanged }) {
  const [back, setBack] = useState(null);
  const reverse = useAction((key, id, reason) => post(`/production/lot-movements/${id}/reverse`, { reason }, { key }), {
    done: () => {
      setBack(null);
      toast(t("lots.reversed"));
      onChanged();
    },
    failed: toastProblem,
  });
  const mayReverse = (one) =>
    REVERSIBLE.includes(one.kind) &&
    !one.reverses_id &&
    !one.reversed_by_id &&
    may("operator", "leader", "quality", "planner");
  const columns = [
    { key: "at", label: t("lots.at"), render: (one) => html`<span class="nowrap">${moment(one.at)}</span>` },
    {
      key: "kind",
      label: t("lots.what"),
      render: (one) =>
        html`
          <span class="first">${t(`lot_move.${one.kind}`)}</span>
          ${one.reverses_id && html` <${Chip} icon="undo">${t("lots.taken_back")}<//>`}
          ${one.flags.map(
            (flag) => html` <${Chip} key=${flag} tone="warn" icon="warning">${t(`lot_flag.${flag}`)}<//>`,
          )}
        `,
    },
    {
      key: "quantity",
      label: t("field.quantity"),
      align: "end",
      render: (one) =>
        html`<b class=${one.reversed_by_id ? "struck" : ""}>
          ${Number(one.quantity) > 0 ? "+" : ""}
          ${number(one.quantity)}
        </b>`,
    },
    { key: "where", label: t("lots.where"), render: (one) => html`<${Where} movement=${one} />` },
    { key: "reason", class: "wide-only", label: t("reason.label"), render: (one) => one.reason ?? "" },
    { key: "person", class: "wide-only", label: t("lots.person"), render: (one) => one.person },
    {
      key: "back",
      label: "",
      align: "end",
      render: (one) =>
        mayReverse(one) &&
        html`<${Button}
          size="small"
          kind="quiet"
          icon="undo"
          aria-label=${t("lots.take_back")}
          title=${t("lots.take_back")}
          data-testid="reverse-${one.kind}"
          onClick=${() => setBack(one)}
        />`,
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
      title=${t("lots.take_back")}
      confirm=${t("lots.take_back")}
      tone="danger"
      busy=${reverse.busy}
      onConfirm=${(reason) => reverse.go(back.id, reason)}
    />
  `;
}
