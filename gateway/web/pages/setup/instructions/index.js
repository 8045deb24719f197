// /instructions: every work instruction, how far its newest revision is, and which one the floor works by.
import { html, useState } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { day } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { useResource } from "/js/lib/resource.js";
import { navigate } from "/js/lib/router.js";
import { may } from "/js/lib/session.js";
import { instructionDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { StateChip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Table } from "/js/components/table.js";
import { NewInstruction } from "/pages/setup/instructions/new-instruction.js";

const pathOf = (code) => `/instructions/${encodeURIComponent(code)}`;
const FILTERS = {
  all: () => true,
  draft: (line) => line.state === "draft",
  in_review: (line) => line.state === "in_review",
  approved: (line) => line.approved_revision !== null,
  withdrawn: (line) => line.state === "withdrawn" && line.approved_revision === null,
};

function Revisions({ line }) {
  if (line.approved_revision === line.revision)
    return html`<b>${t("instructions.revision_n", { n: line.revision })}</b>`;
  return html`
    <b>${t("instructions.revision_n", { n: line.revision })}</b>
    <span class="second">
      ${line.approved_revision ? t("instructions.valid_n", { n: line.approved_revision }) : t("instructions.not_valid")}
    </span>
  `;
}

const columns = () => [
  {
    key: "title",
    class: "title",
    label: t("instructions.one"),
    sort: (line) => local(line.title),
    render: (line) => html`<span class="first">${local(line.title)}</span><span class="second">${line.code}</span>`,
  },
  {
    key: "for",
    class: "for",
    label: t("instructions.for"),
    sort: (line) => `${line.item ?? ""} ${line.op ?? ""}`,
    render: (line) =>
      line.item
        ? html`${line.item}${line.op && html`<span class="second">${t("job.op", { op: line.op })}</span>`}`
        : html`<span class="muted">–</span>`,
  },
  {
    key: "state",
    class: "state",
    label: t("orders.state"),
    sort: (line) => line.state,
    render: (line) => html`<${StateChip} display=${instructionDisplay(line.state)} />`,
  },
  {
    key: "revision",
    class: "revision",
    label: t("instructions.revision"),
    sort: (line) => line.revision,
    render: (line) => html`<${Revisions} line=${line} />`,
  },
  {
    key: "pages",
    class: "pages",
    label: t("instructions.pages"),
    align: "end",
    sort: (line) => line.pages,
    render: (line) => line.pages,
  },
  {
    key: "used",
    class: "used",
    label: t("instructions.operations"),
    align: "end",
    sort: (line) => line.operations,
    render: (line) => line.operations,
  },
  {
    key: "updated",
    class: "updated",
    label: t("instructions.updated"),
    sort: (line) => line.updated_at,
    render: (line) => html`<span class="nowrap">${day(line.updated_at)}</span>`,
  },
];

const view = makeView({ filter: Object.keys(FILTERS), q: "" });

export default function Instructions() {
  const { q, filter } = view.use();
  const [creating, setCreating] = useState(false);
  const list = useResource(() => all("/orders/instructions", { q }), [q]);
  useLive(["definitions"], list.load, (_, { type }) => type.includes(".instruction."));
  const lines = list.data;
  const words = {
    all: t("instructions.all"),
    draft: t("instruction.draft"),
    in_review: t("instruction.in_review"),
    approved: t("instructions.in_force"),
    withdrawn: t("instruction.withdrawn"),
  };
  const options = Object.entries(FILTERS).map(([value, fits]) => ({
    value,
    label: words[value],
    count: lines?.filter(fits).length,
  }));
  const writer = may("planner", "quality");
  const add =
    writer &&
    html`<${Button} kind="primary" icon="plus" data-testid="instruction-new" onClick=${() => setCreating(true)}>
      ${t("instructions.new")}
    <//>`;
  const empty =
    q || filter !== "all"
      ? html`<${Empty} icon="search" title=${t("instructions.none_found")}>
          <${Button} onClick=${() => view.change({ q: "", filter: "all" })}>${t("instructions.show_all")}<//>
        <//>`
      : html`<${Empty} icon="book" title=${t("instructions.none")} text=${t("instructions.none_text")}>${add}<//>`;
  return html`<${OfficeShell} title=${t("instructions.title")} actions=${add}>
    <div class="filters">
      <${Search} value=${q} onInput=${(text) => view.change({ q: text })} placeholder=${t("instructions.search")} />
      <${Pills}
        label=${t("orders.state")}
        options=${options}
        value=${filter}
        onChange=${(value) => view.change({ filter: value })}
      />
    </div>
    ${
      list.error && !lines
        ? html`<div class="card"><${Problem} error=${list.error} retry=${list.load} /></div>`
        : html`<${Table}
            class="instructions-table"
            label=${t("instructions.title")}
            columns=${columns()}
            rows=${lines?.filter(FILTERS[filter])}
            rowKey=${(line) => line.code}
            onOpen=${(line) => navigate(pathOf(line.code))}
            empty=${empty}
          />`
    }
    <${NewInstruction}
      open=${creating}
      onClose=${() => setCreating(false)}
      onCreated=${(made) => navigate(pathOf(made.code))}
    />
  <//>`;
}
