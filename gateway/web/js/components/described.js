// Controls for fields that are described as data (lib/fields.js): one for each type, with the texts and the errors of
// its field.
import { html } from "/js/lib/html.js";
import { useCatalogue } from "/js/lib/catalogue.js";
import { get } from "/js/lib/api.js";
import { decimal, digits, NAMED, toForm } from "/js/lib/fields.js";
import { icon } from "/js/lib/icons.js";
import { language, LANGUAGES, local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { PictureField } from "/js/components/picture.js";
import { Picker } from "/js/components/picker.js";

/** @param {FieldSpec} field */
const labelOf = (field) => t(`fact.${field.name}`);
/** @param {FieldSpec} field */
const hintOf = (field) => (field.hint ? t(`fact_hint.${field.name}`) : undefined);
/**
 * A text as it is searched for: codes and names are found whatever the spaces, dashes and widths.
 * @param {string} text
 */
export const likeness = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s._\-/#]+/g, "");
/** @param {any} entry */
const namesOf = (entry) => entry.name ?? entry.title;
/**
 * @param {any} entry
 * @param {string} text
 */
const matches = (entry, text) =>
  likeness(`${entry.code} ${Object.values(namesOf(entry)).join(" ")}`).includes(likeness(text));
/**
 * True when new entries may refer to it: an instruction from its first draft on, until it is withdrawn.
 * @param {any} entry
 */
const isOffered = (entry) => entry.active ?? (entry.approved_revision !== null || entry.state !== "withdrawn");

/**
 * Entries of a list that have `text` in their code or name.
 * @param {any[] | undefined} entries
 */
const among = (entries) => (/** @type {string} */ text) =>
  (entries ?? [])
    .filter((entry) => isOffered(entry) && (!text || matches(entry, text)))
    .map((entry) => ({ value: entry.code, note: local(namesOf(entry)) }));
/**
 * Items, looked up at the server.
 * @param {string} text
 * @returns {Promise<{ value: string, note: string }[]>}
 */
export const findItems = async (text) =>
  (await get("/orders/items", { q: text, limit: 50 }).catch(() => ({ items: [] }))).items
    .filter((/** @type {any} */ item) => item.active)
    .map((/** @type {any} */ item) => ({ value: item.code, note: local(item.name) }));

/** @param {ControlProps} props */
function Names({ field, value, onChange, error, disabled }) {
  const first = language.value;
  const order = [first, ...NAMED.filter((code) => code !== first)];
  return html`<div class="names">
    ${order.map(
      (code) => html`<${Field}
        key=${code}
        lang=${code}
        label=${`${labelOf(field)} (${LANGUAGES[code]})`}
        value=${value[code]}
        maxlength="200"
        disabled=${disabled}
        error=${code === first ? error : undefined}
        data-testid="fact-${field.name}-${code}"
        onInput=${(text) => onChange({ ...value, [code]: text })}
      />`,
    )}
  </div>`;
}

/** @param {ControlProps} props */
function Ref({ field, value, onChange, error, disabled }) {
  const entries = useCatalogue(field.of);
  const chosen = entries?.find((entry) => entry.code === value);
  const shown = field.among ? entries?.filter(field.among) : entries;
  return html`<${Picker}
    label=${labelOf(field)}
    value=${value}
    onPick=${onChange}
    find=${among(shown)}
    among=${entries}
    note=${chosen ? local(namesOf(chosen)) : hintOf(field)}
    error=${error}
    disabled=${disabled}
    data-testid="fact-${field.name}"
  />`;
}

/** @param {ControlProps} props */
function Codes({ field, value, onChange, error, disabled }) {
  const known = useCatalogue(field.of);
  const entries = (known ?? []).filter(
    (entry) => value.includes(entry.code) || (entry.active && (!field.among || field.among(entry))),
  );
  /** @param {string} code */
  const toggle = (code) =>
    onChange(value.includes(code) ? value.filter((/** @type {string} */ one) => one !== code) : [...value, code]);
  return html`<div class="field">
    <span class="label">${labelOf(field)}</span>
    <div class="choices" role="group" aria-label=${labelOf(field)}>
      ${entries.map(
        (entry) =>
          html`<button
            type="button"
            class="pill"
            key=${entry.code}
            title=${local(entry.name)}
            aria-pressed=${value.includes(entry.code)}
            disabled=${disabled}
            data-testid="fact-${field.name}-${entry.code}"
            onClick=${() => toggle(entry.code)}
          >
            ${entry.code}
          </button>`,
      )}
      ${known && !entries.length && html`<span class="hint">${t("fact.none_yet")}</span>`}
    </div>
    ${
      error
        ? html`<span class="error">${icon("warning")}${error}</span>`
        : field.hint && entries.length > 0 && html`<span class="hint">${hintOf(field)}</span>`
    }
  </div>`;
}

/** @param {ControlProps} props */
function Check({ field, value, onChange, disabled }) {
  return html`<div class="field">
    <label class="tick">
      <input
        type="checkbox"
        checked=${value}
        disabled=${disabled}
        data-testid="fact-${field.name}"
        onChange=${() => onChange(!value)}
      />
      ${labelOf(field)}
    </label>
    ${field.hint && html`<span class="hint">${hintOf(field)}</span>`}
  </div>`;
}

/** @param {ControlProps} props */
function Rows({ field, value, onChange, errorOf, disabled }) {
  /**
   * @param {number} index
   * @param {any} row
   */
  const change = (index, row) =>
    onChange(value.map((/** @type {any} */ one, /** @type {number} */ at) => (at === index ? row : one)));
  return html`<div class="field rows">
    <span class="label">${labelOf(field)}</span>
    ${field.hint && html`<span class="hint">${hintOf(field)}</span>`}
    ${value.map(
      (/** @type {any} */ row, /** @type {number} */ index) => html`<div class="rows-row" key=${index}>
        ${field.fields.map(
          (one) =>
            html`<${Control}
              key=${one.name}
              field=${one}
              value=${row[one.name]}
              onChange=${(next) => change(index, { ...row, [one.name]: next })}
              errorOf=${(name) => errorOf(`${index}.${name}`)}
              disabled=${disabled}
            />`,
        )}
        ${
          !disabled &&
          html`<${Button}
            kind="quiet"
            icon="trash"
            aria-label=${t("fact.remove")}
            onClick=${() => onChange(value.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== index))}
          />`
        }
      </div>`,
    )}
    ${
      !disabled &&
      html`<${Button}
        size="small"
        icon="plus"
        class="rows-add"
        data-testid="add-${field.name}"
        onClick=${() => onChange([...value, toForm(field.fields, {})])}
      >
        ${t("fact.add_row")}
      <//>`
    }
    ${disabled && !value.length && html`<span class="muted">–</span>`}
  </div>`;
}

/** @param {ControlProps} props */
function Group({ field, value, onChange, errorOf, disabled }) {
  return html`<div class="field">
    <span class="label">${labelOf(field)}</span>
    <div class="form three">
      ${field.fields.map(
        (one) =>
          html`<${Control}
            key=${one.name}
            field=${one}
            value=${value[one.name]}
            onChange=${(next) => onChange({ ...value, [one.name]: next })}
            errorOf=${errorOf}
            disabled=${disabled}
          />`,
      )}
    </div>
    ${errorOf("") && html`<span class="error">${icon("warning")}${errorOf("")}</span>`}
  </div>`;
}

/** @type {Record<string, object>} */
const INPUTS = {
  text: { maxlength: "40", spellcheck: "false" },
  words: { maxlength: "1000", spellcheck: "false" },
  day_name: { maxlength: "200" },
  area: { rows: "3", maxlength: "2000" },
  decimal: { inputmode: "decimal", autocomplete: "off" },
  integer: { inputmode: "numeric", autocomplete: "off" },
  time: { type: "time" },
  date: { type: "date" },
};
/** @type {Record<string, (text: string) => string>} */
const CLEANED = { decimal, integer: digits };

/**
 * One field with its control; `errorOf(name)` answers what the server said about a field.
 * @param {Omit<ControlProps, "error">} props
 */
export function Control({ field, value, onChange, errorOf, disabled }) {
  const error = errorOf(field.name);
  /** @param {string} name */
  const inside = (name) => errorOf(name ? `${field.name}.${name}` : field.name);
  const shared = { field, value, onChange, error, disabled };
  if (field.type === "names") return html`<${Names} ...${shared} />`;
  if (field.type === "ref") return html`<${Ref} ...${shared} />`;
  if (field.type === "item")
    return html`<${Picker}
      label=${labelOf(field)}
      value=${value}
      onPick=${onChange}
      find=${findItems}
      error=${error}
      disabled=${disabled}
      data-testid="fact-${field.name}"
    />`;
  if (field.type === "codes") return html`<${Codes} ...${shared} />`;
  if (field.type === "check") return html`<${Check} ...${shared} />`;
  if (field.type === "picture")
    return html`<${PictureField} ...${shared} label=${labelOf(field)} hint=${hintOf(field)} />`;
  if (field.type === "rows") return html`<${Rows} ...${shared} errorOf=${inside} />`;
  if (field.type === "object") return html`<${Group} ...${shared} errorOf=${inside} />`;
  const options =
    field.type === "choice"
      ? [...(value ? [] : [{ value: "", label: t("fact.choose") }]), ...field.options()]
      : undefined;
  const clean = CLEANED[field.type] ?? ((text) => text);
  return html`<${Field}
    label=${labelOf(field)}
    hint=${hintOf(field)}
    error=${error}
    value=${value}
    options=${options}
    disabled=${disabled}
    ...${INPUTS[field.type] ?? {}}
    data-testid="fact-${field.name}"
    onInput=${(text) => onChange(clean(text))}
  />`;
}

/**
 * All fields of a form; an address with `#<field>` finds each by its `data-field`. `onChange({name: value})`.
 * @param {DescribedProps} props
 */
export function Described({ fields, form, onChange, problem, disabled = false, prefix = "" }) {
  /** @param {string} name */
  const errorOf = (name) => problem?.field?.(`${prefix}${name}`);
  return fields
    .filter((field) => !field.when || field.when(form))
    .map(
      (field) => html`<div
        class="described ${field.wide ? "wide" : ""}"
        key=${field.name}
        data-field=${`${prefix}${field.name}`}
      >
        <${Control}
          field=${field}
          value=${form[field.name]}
          onChange=${(value) => onChange({ [field.name]: value })}
          errorOf=${errorOf}
          disabled=${disabled}
        />
      </div>`,
    );
}
