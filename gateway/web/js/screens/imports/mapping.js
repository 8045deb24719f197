// Which column is which field. The server suggests; a person may correct, and the check runs again.
import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Field } from "/js/components/field.js";
import { fieldLabel } from "/js/screens/imports/kinds.js";

const columnsOf = (value) => (value === undefined ? [] : [].concat(value));

export function Mapping({ kind, columns, mapping, errors = [], onChange, open, onToggle }) {
  const options = [{ value: "", label: t("imports.no_column") }, ...columns.map((column) => ({ value: column, label: column }))];
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
  const control = ({ name, needed }) => {
    const [first = "", second = ""] = columnsOf(mapping[name]);
    const label = `${fieldLabel(name)}${needed ? " *" : ""}`;
    if (name !== kind.joined) return html`<${Field} key=${name} label=${label} options=${options} value=${first} error=${errorOf(name)} onInput=${(value) => set(name, [value])} data-testid="map-${name}" />`;
    return html`<${Field} key=${name} label=${label} options=${options} value=${first} error=${errorOf(name)} hint=${second ? `${first} - ${second}` : undefined} onInput=${(value) => set(name, [value, second])} data-testid="map-${name}" />
      <${Field} key="${name}-2" label=${t("imports.joined_with", { field: fieldLabel(name) })} options=${options} value=${second} onInput=${(value) => set(name, [first, value])} />`;
  };
  const used = kind.fields.filter((field) => mapping[field.name] !== undefined).length;
  return html`<section class="card">
    <button type="button" class="mapping-toggle" aria-expanded=${open} onClick=${onToggle}>${icon(open ? "up" : "down")}${t("imports.mapping")}<small>${t("imports.mapping_used", { n: used, all: columns.length })}</small></button>
    ${open && html`<div class="mapping">${kind.fields.map(control)}</div>`}
  </section>`;
}
