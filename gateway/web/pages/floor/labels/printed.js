// The labels that were made, each print of them, and printing one again.
import { html, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { moment, number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { pictureOf, readLabel, reprintLabel } from "/js/lib/labels.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { Sheet } from "/js/components/sheet.js";
import { Table } from "/js/components/table.js";
import { toastProblem } from "/js/components/toast.js";

/** How a print stands, as a chip shows it. */
function printDisplay(print) {
  const looks = {
    sent: { tone: "run", icon: "check", label: t("label.state_sent") },
    failed: { tone: "stop", icon: "warning", label: t("label.state_failed") },
    page: { tone: "idle", icon: "print", label: t("label.state_page") },
  };
  return looks[print.state] ?? { tone: "warn", icon: "clock", label: t("label.state_unknown") };
}

const kindWord = (kind) => t(`label.kind.${kind}`);

function Print({ print, person }) {
  const what = [print.printer, print.copies > 1 && t("label.copies_n", { n: print.copies }), print.reason]
    .filter(Boolean)
    .join(" · ");
  return html`<li>
    <${StateChip} display=${printDisplay(print)} />
    <span class="grow">${what}${print.error && html`<small class="tone-stop">${print.error.detail}</small>`}</span>
    <span class="muted">${moment(print.at)} · ${person(print.person)}</span>
  </li>`;
}

function LabelSheet({ id, person, onClose, onPrinted }) {
  const label = useResource(() => (id ? readLabel(id) : Promise.resolve(null)), [id], { worded: true });
  const [asking, setAsking] = useState(false);
  const again = useAction((key, reason) => reprintLabel(label.data, { reason }, { key }), {
    done: () => {
      setAsking(false);
      label.load();
      onPrinted();
    },
    failed: toastProblem,
  });
  const { data, error } = label;
  const footer =
    data &&
    may("operator", "leader", "quality", "planner") &&
    html`<${Button} kind="primary" icon="print" data-testid="label-reprint" onClick=${() => setAsking(true)}>
      ${t("label.reprint")}
    <//>`;
  return html`<${Sheet}
    open=${Boolean(id)}
    from="side"
    onClose=${onClose}
    title=${data ? `${data.item} ${data.lot ?? ""}` : t("label.title")}
    footer=${footer}
  >
    ${
      !data &&
      (error ? html`<${Problem} error=${error} retry=${label.load} />` : html`<${Skeleton} rows="2" height="120" />`)
    }
    ${
      data &&
      html`
        <img class="label-picture" alt=${data.name} src=${pictureOf(data.svg)} />
        <h3 class="label-heading">${t("label.prints")}</h3>
        <ul class="label-prints">
          ${data.prints.map((print) => html`<${Print} key=${print.id} print=${print} person=${person} />`)}
        </ul>
      `
    }
    <${ReasonDialog}
      open=${asking}
      onClose=${() => setAsking(false)}
      title=${t("label.reprint_why")}
      text=${t("label.reprint_text")}
      confirm=${t("label.reprint")}
      busy=${again.busy}
      onConfirm=${(reason) => again.go(reason)}
    />
  <//>`;
}

export function Printed({ lot, job }) {
  const labels = useResource(async () => (await get("/production/labels", { lot, job, limit: 200 })).items, [lot, job]);
  const [open, setOpen] = useState(null);
  const person = usePeople();
  const columns = [
    {
      key: "item",
      label: t("field.item"),
      render: (one) => html`<span class="first">${one.item}</span><span class="second">${one.name}</span>`,
    },
    {
      key: "kind",
      label: t("label.kind"),
      render: (one) => html`${kindWord(one.kind)}<span class="second">${one.lot}</span>`,
    },
    {
      key: "quantity",
      label: t("field.quantity"),
      align: "end",
      render: (one) => html`<span class="nowrap">${number(one.quantity)} ${one.unit}</span>`,
    },
    {
      key: "at",
      label: t("label.at"),
      class: "wide-only",
      render: (one) =>
        html`<span class="nowrap">${moment(one.at)}</span><span class="second">${person(one.person)}</span>`,
    },
    {
      key: "state",
      label: t("label.last_print"),
      align: "end",
      render: (one) =>
        html`
          <${StateChip} display=${printDisplay(one.prints.at(-1))} />
          ${one.prints.length > 1 && html`<span class="second">${t("label.times", { n: one.prints.length })}</span>`}
        `,
    },
  ];
  return html`
    ${
      labels.error && !labels.data
        ? html`<div class="card"><${Problem} error=${labels.error} retry=${labels.load} /></div>`
        : html`<${Table}
            class="fill printed"
            label=${t("label.printed")}
            columns=${columns}
            rows=${labels.data}
            rowKey=${(one) => one.id}
            onOpen=${(one) => setOpen(one.id)}
            current=${open}
            empty=${html`<${Empty} icon="print" title=${t("label.none")} text=${t("label.none_text")} />`}
          />`
    }
    <${LabelSheet} id=${open} person=${person} onClose=${() => setOpen(null)} onPrinted=${labels.load} />
  `;
}
