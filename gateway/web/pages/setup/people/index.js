// /people: who works here, what they may do and how they sign in.
import { html, useState } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Notice, Problem } from "/js/components/feedback.js";
import { Pills, Search } from "/js/components/field.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { PersonSheet } from "/pages/setup/people/form.js";
import { GivePins } from "/pages/setup/people/pins.js";

const GROUPS = {
  active: (person) => person.active,
  floor: (person) => person.active && person.roles.some((role) => ["operator", "leader", "maintenance"].includes(role)),
  office: (person) =>
    person.active && person.roles.some((role) => ["planner", "quality", "admin", "viewer"].includes(role)),
  inactive: (person) => !person.active,
};

function SignInOptions({ person }) {
  const options = [
    person.has_pin && "PIN",
    person.has_badge && t("people.badge"),
    person.has_password && t("people.password_way", { login: person.login }),
  ].filter(Boolean);
  return options.length ? options.join(" · ") : html`<span class="tone-warn">${t("people.no_way")}</span>`;
}

const columns = () => [
  {
    key: "name",
    label: t("people.name"),
    sort: (p) => local(p.name),
    render: (p) =>
      html`<span class="person-name ${p.active ? "" : "person-off"}">
        <span class="face" aria-hidden="true">${local(p.name).slice(0, 1)}</span>
        <span><span class="first">${local(p.name)}</span><span class="second">${p.code}</span></span>
      </span>`,
  },
  {
    key: "roles",
    label: t("people.roles"),
    render: (p) =>
      html`<span class="person-chips">
        ${!p.active && html`<${Chip} tone="stop">${t("people.inactive")}<//>`}
        ${p.roles.map(
          (role) => html`<${Chip} key=${role} tone=${role === "admin" ? "brand" : "idle"}>${t(`role.${role}`)}<//>`,
        )}
      </span>`,
  },
  { key: "ways", label: t("people.ways"), render: (p) => html`<${SignInOptions} person=${p} />` },
  {
    key: "languages",
    class: "wide-only",
    label: t("people.languages"),
    render: (p) => html`<span class="muted">${p.languages.map((code) => LANGUAGES[code] ?? code).join(", ")}</span>`,
  },
];

const view = makeView({ group: Object.keys(GROUPS), q: "" });

export default function People() {
  const people = useResource(() => all("/people"));
  const { group, q } = view.use();
  const [edited, setEdited] = useState(null); // a person, or "new"
  const [chosen, setChosen] = useState(new Set());
  const [giving, setGiving] = useState(false);
  const found = people.data?.filter(
    (person) =>
      !q || `${person.code} ${local(person.name)} ${person.login ?? ""}`.toLowerCase().includes(q.toLowerCase()),
  );
  const options = [
    ["active", t("people.all")],
    ["floor", t("people.floor")],
    ["office", t("people.office")],
    ["inactive", t("people.inactive")],
  ].map(([value, label]) => ({ value, label, count: found?.filter(GROUPS[value]).length }));
  const saved = (person, what) => {
    setEdited(null);
    toast(t(`people_done.${what}`, { name: local(person.name) }));
    people.load();
  };
  const marked = (people.data ?? []).filter((person) => person.active && chosen.has(person.code));
  const withoutPin = (people.data ?? []).filter(
    (person) => person.active && !person.has_pin && !person.has_badge && person.roles.includes("operator"),
  );
  const add = html`<${Button} kind="primary" icon="plus" data-testid="person-add" onClick=${() => setEdited("new")}>
    ${t("people.add")}
  <//>`;
  const pins =
    marked.length > 0 &&
    html`<${Button} icon="key" data-testid="people-pins" onClick=${() => setGiving(true)}>
      ${t("pins.button", { n: marked.length })}
    <//>`;
  return html`<${OfficeShell} title=${t("people.title")} actions=${html`${pins}${add}`}>
    <div class="filters">
      <${Search} value=${q} onInput=${(text) => view.change({ q: text })} placeholder=${t("people.search")} />
      <${Pills}
        label=${t("people.title")}
        options=${options}
        value=${group}
        onChange=${(value) => view.change({ group: value })}
      />
    </div>
    ${
      withoutPin.length > 0 &&
      !marked.length &&
      html`<${Notice} tone="warn" icon="key" title=${t("pins.missing", { n: withoutPin.length })}>
        <${Button}
          size="small"
          data-testid="people-without-pin"
          onClick=${() => setChosen(new Set(withoutPin.map((person) => person.code)))}
        >
          ${t("pins.choose")}
        <//>
      <//>`
    }
    ${
      people.error && !people.data
        ? html`<div class="card"><${Problem} error=${people.error} retry=${people.load} /></div>`
        : html`
            <${Table}
              label=${t("people.title")}
              columns=${columns()}
              rows=${found?.filter(GROUPS[group])}
              rowKey=${(person) => person.code}
              onOpen=${setEdited}
              current=${edited?.code}
              selected=${chosen}
              onSelect=${setChosen}
              empty=${html`<${Empty} icon="people" title=${t("people.none")} text=${t("people.none_text")} />`}
            />
          `
    }
    ${
      people.data?.length === 1 &&
      html`<div class="card">
        <${Empty} icon="people" title=${t("people.alone")} text=${t("people.alone_text")}>${add}<//>
      </div>`
    }
    ${
      giving &&
      html`<${GivePins}
        people=${marked}
        onClose=${() => setGiving(false)}
        onDone=${() => {
          setGiving(false);
          setChosen(new Set());
          people.load();
        }}
      />`
    }
    <${PersonSheet}
      open=${edited !== null}
      person=${edited === "new" ? null : edited}
      onClose=${() => setEdited(null)}
      onSaved=${saved}
    />
  <//>`;
}
