// An item's own BOM lines as they are typed.
import { html } from "/js/lib/html.js";
import { useItems } from "/js/lib/catalogue.js";
import { toForm } from "/js/lib/fields.js";
import { local, t } from "/js/lib/i18n.js";
import { useUnitsOf } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { findItems } from "/js/components/described.js";
import { Field } from "/js/components/field.js";
import { Picker } from "/js/components/picker.js";
import { QuantityField } from "/js/components/quantity.js";
import { isTyped, LINE, nextId } from "/pages/setup/item/documents.js";

const OTHER = { component: "", unit: "" };

/** A quantity for one piece, in any unit that the component converts from. */
function Amount({ part, item, onChange, errorOf, ...rest }) {
  const units = useUnitsOf(item);
  return html`<${QuantityField}
    exact
    placeholder="1/3, 0.5"
    label=${t("fact.quantity")}
    value=${part.quantity}
    unit=${part.unit || item?.unit}
    units=${units}
    error=${errorOf("quantity")}
    unitError=${errorOf("unit")}
    onInput=${(quantity) => onChange({ quantity })}
    onUnit=${(unit) => onChange({ unit })}
    ...${rest}
  />`;
}

function Alternates({ line, items, onChange, errorOf }) {
  const change = (index, patch) =>
    onChange({ alternates: line.alternates.map((one, at) => (at === index ? { ...one, ...patch } : one)) });
  return line.alternates.map(
    (other, index) => html`<div class="bom-alternate" key=${index}>
      <${Picker}
        label=${t("bom.alternate")}
        value=${other.component}
        onPick=${(component) => change(index, { component, unit: "" })}
        find=${findItems}
        note=${local(items[other.component]?.name)}
        error=${errorOf(`alternates.${index}.component`)}
      />
      <${Amount}
        part=${other}
        item=${items[other.component]}
        errorOf=${(name) => errorOf(`alternates.${index}.${name}`)}
        onChange=${(patch) => change(index, patch)}
      />
      <${Button}
        kind="quiet"
        icon="trash"
        aria-label=${t("fact.remove")}
        onClick=${() => onChange({ alternates: line.alternates.filter((_, at) => at !== index) })}
      />
    </div>`,
  );
}

function Line({ line, index, items, ops, onChange, onRemove, problem }) {
  const errorOf = (name) => problem?.field?.(`lines.${index}.${name}`);
  const known = ops.some((one) => one.value === line.op);
  const options = [
    { value: "", label: t("bom.any_op") },
    ...(known || !line.op ? [] : [{ value: line.op, label: line.op }]),
    ...ops,
  ];
  return html`<li class="bom-line" data-field="lines.${line.component}">
    <${Picker}
      label=${t("fact.component")}
      value=${line.component}
      onPick=${(component) => onChange({ component, unit: "" })}
      find=${findItems}
      note=${local(items[line.component]?.name)}
      error=${errorOf("component")}
      data-testid="line-component"
    />
    <${Amount}
      part=${line}
      item=${items[line.component]}
      errorOf=${errorOf}
      onChange=${onChange}
      data-testid="line-quantity"
    />
    <${QuantityField}
      label=${t("fact.scrap_pct")}
      value=${line.scrap_pct}
      error=${errorOf("scrap_pct")}
      onInput=${(scrap_pct) => onChange({ scrap_pct })}
      data-testid="line-scrap"
    />
    <${Field}
      label=${t("fact.op")}
      value=${line.op}
      options=${options}
      error=${errorOf("op")}
      onInput=${(op) => onChange({ op })}
      data-testid="line-op"
    />
    <span class="bom-tools">
      <${Button}
        kind="quiet"
        size="small"
        icon="plus"
        data-testid="line-alternate"
        onClick=${() => onChange({ alternates: [...line.alternates, { ...OTHER, quantity: line.quantity }] })}
      >
        ${t("bom.alternate")}
      <//>
      <${Button}
        kind="quiet"
        icon="trash"
        aria-label=${t("fact.remove")}
        title=${t("fact.remove")}
        data-testid="line-remove"
        onClick=${onRemove}
      />
    </span>
    <${Alternates} line=${line} items=${items} onChange=${onChange} errorOf=${errorOf} />
  </li>`;
}

/** `form` {lines}, `ops` the item's operations as options [{value, label}]. */
export function BomEditor({ form, onChange, ops, problem }) {
  const items = useItems(
    form.lines.flatMap((line) => [line.component, ...line.alternates.map((one) => one.component)]),
  );
  const change = (id, patch) => onChange(form.lines.map((line) => (line.id === id ? { ...line, ...patch } : line)));
  const sent = form.lines.filter(isTyped); // what the server numbers its errors by
  const add = () => onChange([...form.lines, { ...toForm(LINE, {}), id: nextId(form.lines) }]);
  return html`
    <ol class="bom-lines" data-field="lines">
      ${form.lines.map(
        (line) => html`<${Line}
          key=${line.id}
          line=${line}
          index=${sent.indexOf(line)}
          items=${items}
          ops=${ops}
          problem=${problem}
          onChange=${(patch) => change(line.id, patch)}
          onRemove=${() => onChange(form.lines.filter((one) => one.id !== line.id))}
        />`,
      )}
    </ol>
    <${Button} icon="plus" data-testid="line-add" onClick=${add}>${t("bom.add")}<//>
  `;
}
