// What is on record about an instruction: its revisions, who has read which, and where it is used.
import { html } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { moment } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { instructionDisplay, orderDisplay } from "/js/lib/display.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Table } from "/js/components/table.js";

const failed = (resource) =>
  resource.error &&
  !resource.data &&
  html`<div class="card"><${Problem} error=${resource.error} retry=${resource.load} /></div>`;

export function Revisions({ path, version, names, onOpen }) {
  const revisions = useResource(() => get(`${path}/revisions`), [version]);
  const columns = [
    {
      key: "revision",
      label: t("instructions.revision"),
      render: (one) =>
        html`
          <span class="first">${t("instructions.revision_n", { n: one.revision })}</span>
          <span class="second">${t("instructions.pages_n", { n: one.pages.length })}</span>
        `,
    },
    {
      key: "state",
      label: t("orders.state"),
      render: (one) => html`<${StateChip} display=${instructionDisplay(one.state)} />`,
    },
    {
      key: "authors",
      label: t("instructions.authors"),
      render: (one) => html`${one.authors.map(names).join(", ")}<span class="second">${moment(one.written_at)}</span>`,
    },
    {
      key: "approved",
      label: t("instructions.approved_by"),
      render: (one) =>
        one.approved_by
          ? html`${names(one.approved_by)}<span class="second">${moment(one.approved_at)}</span>`
          : html`<span class="muted">–</span>`,
    },
    { key: "note", class: "note", label: t("field.note"), render: (one) => one.note },
  ];
  return (
    failed(revisions) ||
    html`<${Table}
      class="records"
      label=${t("instructions.revisions")}
      columns=${columns}
      rows=${revisions.data?.items}
      rowKey=${(one) => one.revision}
      onOpen=${onOpen}
    />`
  );
}

export function Readers({ path, names }) {
  const readers = useResource(() => all(`${path}/readers`), [path], { auto: false });
  useLiveCounts(["definitions"], readers.load);
  const columns = [
    {
      key: "person",
      label: t("instructions.reader"),
      sort: (one) => names(one.person),
      render: (one) =>
        html`
          <span class="first">${names(one.person)}</span>
          ${names(one.person) !== one.person && html`<span class="second">${one.person}</span>`}
        `,
    },
    {
      key: "revision",
      label: t("instructions.revision"),
      sort: (one) => one.revision,
      render: (one) => t("instructions.revision_n", { n: one.revision }),
    },
    { key: "at", label: t("instructions.read_at"), sort: (one) => one.at, render: (one) => moment(one.at) },
    {
      key: "order",
      label: t("job.order"),
      sort: (one) => one.number,
      render: (one) =>
        html`
          <a href="/orders/${encodeURIComponent(one.number)}">${one.number}</a>
          <span class="second">${t("job.op", { op: one.op })}</span>
        `,
    },
  ];
  const rows = readers.data && [...readers.data].sort((a, b) => b.revision - a.revision || b.at.localeCompare(a.at));
  return (
    failed(readers) ||
    html`<${Table}
      class="records"
      label=${t("instructions.readers")}
      columns=${columns}
      rows=${rows}
      rowKey=${(one) => `${one.person} ${one.revision}`}
      empty=${html`<${Empty}
        icon="person"
        title=${t("instructions.no_readers")}
        text=${t("instructions.no_readers_text")}
      />`}
    />`
  );
}

export function Uses({ path }) {
  const uses = useResource(() => get(`${path}/uses`), [path]);
  const operations = [
    {
      key: "item",
      label: t("field.item"),
      sort: (one) => one.item,
      render: (one) => html`<span class="first">${one.item}</span><span class="second">${local(one.item_name)}</span>`,
    },
    {
      key: "op",
      label: t("instructions.op"),
      render: (one) => html`${t("job.op", { op: one.op })}<span class="second">${local(one.op_name)}</span>`,
    },
  ];
  const orders = [
    {
      key: "number",
      label: t("job.order"),
      sort: (one) => one.number,
      render: (one) =>
        html`
          <a class="first" href="/orders/${encodeURIComponent(one.number)}">${one.number}</a>
          <span class="second">${one.item} · ${t("job.op", { op: one.op })}</span>
        `,
    },
    {
      key: "revision",
      label: t("instructions.revision"),
      sort: (one) => one.revision,
      render: (one) => t("instructions.revision_n", { n: one.revision }),
    },
    {
      key: "state",
      label: t("orders.state"),
      render: (one) => html`<${StateChip} display=${orderDisplay(one.state)} />`,
    },
  ];
  return (
    failed(uses) ||
    html`<div class="uses">
      <section>
        <h2>${t("instructions.operations")}</h2>
        <${Table}
          class="records"
          label=${t("instructions.operations")}
          columns=${operations}
          rows=${uses.data?.operations}
          rowKey=${(one) => `${one.item} ${one.op}`}
          empty=${html`<${Empty}
            icon="link"
            title=${t("instructions.no_operations")}
            text=${t("instructions.no_operations_text")}
          />`}
        />
      </section>
      <section>
        <h2>${t("instructions.orders")}</h2>
        <${Table}
          class="records"
          label=${t("instructions.orders")}
          columns=${orders}
          rows=${uses.data?.orders}
          rowKey=${(one) => `${one.work_order} ${one.op}`}
          empty=${html`<${Empty} icon="order" title=${t("instructions.no_orders")} />`}
        />
      </section>
    </div>`
  );
}
