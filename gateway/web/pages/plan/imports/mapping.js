// Which column is which field. The server suggests; a person may correct, and the check runs again. What is right is
// kept by name for the next file.
import { html, useState } from "/js/lib/html.js";
import { del, get, put } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { toast, toastProblem } from "/js/components/toast.js";

const columnsOf = (value) => (value === undefined ? [] : [].concat(value));
const fits = (mapping, columns) =>
  Object.values(mapping).every((chosen) => columnsOf(chosen).every((column) => columns.includes(column)));
const path = (kind, name) => `/orders/exchange/mappings/${kind.name}/${encodeURIComponent(name)}`;

/** The mappings that were kept for this kind: choose one that fits the file, keep the present one, forget one. */
function Kept({ kind, columns, mapping, onChange }) {
  const [name, setName] = useState("");
  const kept = useResource(() => get(`/orders/exchange/mappings/${kind.name}`), [kind.name]);
  const keep = useAction((_key) => put(path(kind, name.trim()), { mapping }), {
    done: () => {
      toast(t("imports.mapping_kept", { name: name.trim() }));
      kept.load();
    },
    failed: toastProblem,
  });
  const forget = useAction((_key, one) => del(path(kind, one)), {
    done: () => {
      setName("");
      kept.load();
    },
    failed: toastProblem,
  });
  const items = kept.data?.items ?? [];
  const chosen = items.find((one) => one.name === name);
  const choose = (value) => {
    setName(value);
    const found = items.find((one) => one.name === value);
    if (found && fits(found.mapping, columns)) onChange(found.mapping);
    else if (found) toast(t("imports.mapping_misfit", { name: value }), { tone: "stop" });
  };
  const options = [
    { value: "", label: t("imports.mapping_none") },
    ...items.map((one) => ({ value: one.name, label: one.name })),
  ];
  return html`<div class="mapping-kept">
    ${
      items.length > 0 &&
      html`<${Field}
        label=${t("imports.mapping_choose")}
        options=${options}
        value=${chosen ? name : ""}
        onInput=${choose}
        data-testid="mapping-choose"
      />`
    }
    <${Field}
      label=${t("imports.mapping_name")}
      value=${name}
      onInput=${setName}
      maxlength="80"
      data-testid="mapping-name"
    />
    <div class="row">
      <${Button}
        icon="check"
        busy=${keep.busy}
        disabled=${!name.trim()}
        data-testid="mapping-keep"
        onClick=${() => keep.go()}
      >
        ${chosen ? t("imports.mapping_replace") : t("imports.mapping_keep")}
      <//>
      ${
        chosen &&
        html`<${Button}
          kind="quiet"
          icon="trash"
          busy=${forget.busy}
          data-testid="mapping-forget"
          onClick=${() => forget.go(name)}
        >
          ${t("imports.mapping_forget")}
        <//>`
      }
    </div>
  </div>`;
}

export function Mapping({ kind, columns, samples, mapping, errors = [], onChange, open, onToggle }) {
  const options = [
    { value: "", label: t("imports.no_column") },
    ...columns.map((column) => ({
      value: column,
      label: [column, ...(samples[column] ?? []).slice(0, 1)].join(" · "),
    })),
  ];
  const sampleOf = (column) =>
    samples[column]?.length > 0 && t("imports.sample", { texts: samples[column].join(", ") });
  const set = (name, chosen) => {
    const next = { ...mapping };
    const filled = chosen.filter(Boolean);
    if (!filled.length) delete next[name];
    else next[name] = filled.length > 1 ? filled : filled[0];
    onChange(next);
  };
  const errorOf = (name) => {
    const error = errors.find((one) => one.field === `mapping.${name}`);
    return error?.code === "import_column_missing" ? t("imports.column_missing") : error?.message;
  };
  const control = ({ name, heading, required, note }) => {
    const [first = "", second = ""] = columnsOf(mapping[name]);
    const label = `${heading}${required ? " *" : ""}`;
    if (name !== kind.joined)
      return html`<${Field}
        key=${name}
        label=${label}
        options=${options}
        value=${first}
        hint=${[sampleOf(first), note].filter(Boolean).join(" · ") || undefined}
        error=${errorOf(name)}
        onInput=${(value) => set(name, [value])}
        data-testid="map-${name}"
      />`;
    return html`
      <${Field}
        key=${name}
        label=${label}
        options=${options}
        value=${first}
        error=${errorOf(name)}
        hint=${second ? `${first} - ${second}` : undefined}
        onInput=${(value) => set(name, [value, second])}
        data-testid="map-${name}"
      />
      <${Field}
        key="${name}-2"
        label=${t("imports.joined_with", { field: heading })}
        options=${options}
        value=${second}
        onInput=${(value) => set(name, [first, value])}
      />
    `;
  };
  const used = kind.fields.filter((field) => mapping[field.name] !== undefined).length;
  return html`<section class="card">
    <button type="button" class="mapping-toggle" aria-expanded=${open} data-testid="mapping-toggle" onClick=${onToggle}>
      ${icon(open ? "up" : "down")}
      ${t("imports.mapping")}
      <small>${t("imports.mapping_used", { n: used, all: columns.length })}</small>
    </button>
    ${open && html`<div class="mapping">${kind.fields.map(control)}</div>`}
    ${open && kind.kept && html`<${Kept} kind=${kind} columns=${columns} mapping=${mapping} onChange=${onChange} />`}
  </section>`;
}
