// /definitions/<kind>: machines, work centers, tools, reasons, shifts … as one kind of list; `#AS1` opens an entry.
import { html, useEffect, useState } from "/js/lib/html.js";
import { readCatalogue } from "/js/lib/catalogue.js";
import { number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { hash, navigate } from "/js/lib/router.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { likeness } from "/js/components/described.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { KINDS, kinds, kindWord, mayWrite, readKind, wordsOf } from "/pages/setup/definitions/kinds.js";
import { DefinitionSheet } from "/pages/setup/definitions/sheet.js";

const columns = (kind) => [
  {
    key: "code",
    label: t("fact.code"),
    sort: (one) => one.code,
    render: (one) => html`<span class="first">${one.code}</span>`,
  },
  {
    key: "name",
    label: t("fact.name"),
    sort: (one) => local(one.name),
    render: (one) => html`${local(one.name)}${!one.active && html` <${Chip} tone="stop">${t("items.inactive")}<//>`}`,
  },
  ...KINDS[kind].columns(),
];

/** Of people, those who have a skill count. */
const isGiven = (one) => one.active && one.skills?.length !== 0;
/** How many entries each kind has, for the pills. */
const readCounts = async () =>
  Object.fromEntries(
    await Promise.all(kinds().map(async (kind) => [kind, (await readKind(kind)).filter(isGiven).length])),
  );

const view = makeView({ q: "" });

export default function Definitions({ params }) {
  const kind = params.kind ?? "machines";
  const known = kinds().includes(kind) && KINDS[kind];
  const list = useResource(() => (known ? readKind(kind) : []), [kind]);
  const counts = useResource(readCounts);
  const { q } = view.use();
  const [edited, setEdited] = useState(null); // a code, or "" for a new one
  const asked = decodeURIComponent(hash.value.slice(1));
  useEffect(() => {
    if (asked) setEdited(asked);
  }, [asked]);
  if (!known)
    return html`<${OfficeShell} title=${t("nav.definitions")}>
      <div class="card">
        <${Empty} icon="search" title=${t("page.unknown")}>
          <${Button} kind="primary" href="/definitions">${t("nav.definitions")}<//>
        <//>
      </div>
    <//>`;
  const word = likeness(q);
  const rows = list.data
    ?.filter((one) => !word || likeness(wordsOf(one)).includes(word))
    .sort((a, b) => b.active - a.active);
  const entry = edited ? list.data?.find((one) => one.code === edited) : null;
  const close = () => {
    setEdited(null);
    if (asked) navigate(`/definitions/${kind}`, { replace: true });
  };
  const saved = (one) => {
    toast(t("items.saved", { code: one.code ?? one.person }));
    close();
    list.load();
    counts.load();
    readCatalogue(kind);
  };
  const add =
    mayWrite(kind) &&
    html`<${Button} kind="primary" icon="plus" data-testid="definition-add" onClick=${() => setEdited("")}>
      ${t("definitions.add")}
    <//>`;
  return html`<${OfficeShell} title=${t("nav.definitions")} actions=${add}>
    <${Pills}
      label=${t("nav.definitions")}
      value=${kind}
      onChange=${(value) => navigate(`/definitions/${value}`)}
      options=${kinds().map((value) => ({
        value,
        label: kindWord(value),
        count: counts.data && number(counts.data[value]),
      }))}
    />
    <div class="filters">
      <${Search} value=${q} onInput=${(text) => view.change({ q: text })} placeholder=${t("definitions.search")} />
    </div>
    ${
      list.error && !list.data
        ? html`<div class="card"><${Problem} error=${list.error} retry=${list.load} /></div>`
        : html`
            <${Table}
              compact
              class="definitions-table"
              key=${kind}
              label=${kindWord(kind)}
              columns=${columns(kind)}
              rows=${rows}
              rowKey=${(one) => one.code}
              current=${edited}
              onOpen=${(one) => setEdited(one.code)}
              empty=${html`<${Empty}
                icon=${known.icon}
                title=${t("definitions.none", { kind: kindWord(kind) })}
                text=${t(`definition_text.${kind}`)}
              >
                ${add}
              <//>`}
            />
          `
    }
    ${
      (entry || edited === "") &&
      html`<${DefinitionSheet} key="${kind}-${edited}" kind=${kind} entry=${entry} onClose=${close} onSaved=${saved} />`
    }
  <//>`;
}
