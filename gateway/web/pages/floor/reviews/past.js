// What was resolved, by whom and why: nothing vanishes.
import { html, useState } from "/js/lib/html.js";
import { moment } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { StateChip } from "/js/components/chip.js";
import { Empty } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { Detail, resolutionDisplay } from "/pages/floor/reviews/detail.js";
import { about } from "/pages/floor/reviews/queue.js";
import { kindDisplay } from "/pages/floor/reviews/words.js";

export function Past({ data, shop }) {
  const [open, setOpen] = useState(null);
  const columns = [
    {
      key: "what",
      label: t("review.what"),
      render: (r) =>
        html`
          <span class="first">
            ${kindDisplay(r.command.kind).label} · ${shop.person(r.command.person ?? r.sent_by)}
          </span>
          <span class="second">${about(r)}</span>
        `,
    },
    {
      key: "at",
      class: "wide-only",
      label: t("review.when"),
      render: (r) =>
        html`<span class="nowrap">${moment(r.command.at)}</span><span class="second">${r.machine ?? ""}</span>`,
    },
    { key: "why", class: "past-why", label: t("review.why"), render: (r) => r.problem.title },
    {
      key: "became",
      label: t("review.became"),
      render: (r) =>
        html`
          <${StateChip} display=${resolutionDisplay(r.resolution)} />
          <span class="second">
            ${[r.resolution === "assigned" && r.outcome?.number, r.reason].filter(Boolean).join(" · ")}
          </span>
        `,
    },
    {
      key: "by",
      class: "wide-only",
      label: t("review.resolved_by"),
      render: (r) => html`${shop.person(r.resolved_by)}<span class="second nowrap">${moment(r.resolved_at)}</span>`,
    },
  ];
  return html`
    <${Table}
      label=${t("review.past")}
      columns=${columns}
      rows=${data.past}
      rowKey=${(r) => r.id}
      onOpen=${setOpen}
      empty=${html`<${Empty} icon="order" title=${t("review.none_past")} />`}
    />
    <${Sheet} open=${open !== null} onClose=${() => setOpen(null)} from="side" title=${t("review.past")}>
      ${open && html`<${Detail} review=${open} shop=${shop} />`}
    <//>
  `;
}
