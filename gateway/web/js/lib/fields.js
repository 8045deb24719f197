// What a field of a document is: how the API's value becomes what stands in a form, how it goes back, and how it reads
// in a line of text.
//
// A field is {name, type, of?, options?, fields?, needed?, when?(form)}; `toForm`, `toBody` and `split` work for any
// list of them.
import { number } from "/js/lib/format.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";

export const NAMED = Object.keys(LANGUAGES);
const NOTHING = "–";

/**
 * The name in this language of a form, whose other languages may be empty.
 * @param {Record<string, string>} names
 */
export const nameOf = (names) => local(Object.fromEntries(Object.entries(names).filter(([, text]) => text)));

/**
 * Digits and one point, as they are typed.
 * @param {string} text
 */
export const decimal = (text) => text.replace(/,/g, ".").replace(/[^\d.]/g, "");
/** @param {string} text */
export const digits = (text) => text.replace(/\D/g, "");
/**
 * 412 → "412", nothing → "".
 * @param {any} value
 * @returns {string}
 */
const typed = (value) => (value === null || value === undefined ? "" : String(value));
/** @param {string} value */
const orNull = (value) => value.trim() || null;

/** @type {Record<string, FieldType>} */
const TYPES = {
  names: {
    form: (value) =>
      Object.fromEntries(
        NAMED.map((code) => [code, typeof value === "string" ? (code === "ko" ? value : "") : (value?.[code] ?? "")]),
      ),
    body: (value) => Object.fromEntries(NAMED.map((code) => [code, value[code].trim()]).filter(([, text]) => text)),
    text: (value) => [...new Set(NAMED.map((code) => value[code].trim()).filter(Boolean))].join(" · "),
    filled: (value) => NAMED.some((code) => value[code].trim()),
  },
  day_name: {
    form: (value) => (typeof value === "string" ? value : local(value)),
    body: (value) => value.trim(),
    text: (value) => value.trim(),
  },
  text: { form: typed, body: orNull, text: (value) => value.trim() },
  words: {
    form: (value) => (value ?? []).join(", "),
    body: (value) =>
      value
        .split(/[,;\n]/)
        .map((/** @type {string} */ word) => word.trim())
        .filter(Boolean),
    text: (value) => value.trim(),
  },
  amount: { form: typed, body: orNull, text: (value) => (value ? number(value, 15) : "") },
  area: { form: typed, body: orNull, text: (value) => value.trim() },
  decimal: { form: typed, body: orNull, text: (value) => (value ? number(value, 6) : "") },
  integer: {
    form: typed,
    body: (value) => (value ? Number(value) : null),
    text: (value) => (value ? number(value) : ""),
  },
  check: {
    form: Boolean,
    body: (value) => value,
    text: (value) => (value ? t("fact.yes") : t("fact.no")),
    filled: () => true,
  },
  choice: {
    form: typed,
    body: orNull,
    text: (value, field) => field.options().find((one) => one.value === value)?.label ?? value,
  },
  ref: { form: typed, body: orNull, text: (value) => value },
  item: { form: typed, body: orNull, text: (value) => value },
  time: { form: (value) => typed(value).slice(0, 5), body: orNull, text: (value) => value },
  date: { form: typed, body: orNull, text: (value) => value },
  picture: { form: typed, body: orNull, text: (value) => (value ? t("fact.has_picture") : "") },
  codes: {
    form: (value) => value ?? [],
    body: (value) => value,
    text: (value) => value.join(", "),
    filled: () => true,
  },
  before: {
    form: (value) => value ?? null,
    body: (value) => value,
    text: (value) => (value === null ? t("routing.op_before") : value.join(", ") || t("routing.is_start")),
    filled: () => true,
  },
  object: {
    form: (value, field) => toForm(field.fields, value),
    body: (value, field) =>
      field.fields.some((one) => isFilled(one, value[one.name])) ? toBody(field.fields, value) : null,
    text: (value, field) =>
      field.fields
        .filter((one) => isFilled(one, value[one.name]))
        .map((one) => `${t(`fact.${one.name}`)} ${textOf(one, value[one.name])}`)
        .join(", "),
    filled: () => true,
  },
  rows: {
    form: (value, field) => (value ?? []).map((/** @type {any} */ row) => toForm(field.fields, row)),
    body: (value, field) => value.map((/** @type {any} */ row) => toBody(field.fields, row)),
    text: (value, field) =>
      value.map((/** @type {any} */ row) => field.fields.map((one) => textOf(one, row[one.name])).join(" ")).join(", "),
    filled: (value, field) => value.every((/** @type {any} */ row) => isComplete(field.fields, row)),
  },
};

/**
 * True when something stands in the field.
 * @param {FieldSpec} field
 * @param {any} value
 */
export const isFilled = (field, value) => TYPES[field.type].filled?.(value, field) ?? Boolean(String(value).trim());
/**
 * True when every field that is needed is filled, in the rows of lists too.
 * @param {FieldSpec[]} fields
 * @param {any} form
 */
export const isComplete = (fields, form) =>
  fields.every(
    (field) =>
      (field.when && !field.when(form)) ||
      !(field.needed || field.type === "rows") ||
      isFilled(field, form[field.name]),
  );
/**
 * A value of a form as text.
 * @param {FieldSpec} field
 * @param {any} value
 * @returns {string}
 */
export const textOf = (field, value) => TYPES[field.type].text(value, field) || NOTHING;
/**
 * The API's document as a form.
 * @param {FieldSpec[]} fields
 * @param {any} data
 */
export const toForm = (fields, data) =>
  Object.fromEntries(
    fields.map((field) => [field.name, TYPES[field.type].form(data?.[field.name] ?? field.start, field)]),
  );
/**
 * The form as the API takes it; what does not apply goes as if it had been left empty.
 * @param {FieldSpec[]} fields
 * @param {any} form
 */
export const toBody = (fields, form) =>
  Object.fromEntries(
    fields.map((field) => {
      const applies = !field.when || field.when(form);
      const { body, form: blank } = TYPES[field.type];
      const value = body(applies ? form[field.name] : blank(field.start, field), field);
      return [field.name, value ?? field.empty ?? null];
    }),
  );
/**
 * The fields as lines that can be compared: {key, label, text, value}.
 * @param {FieldSpec[]} fields
 * @param {any} form
 * @returns {Line[]}
 */
export const split = (fields, form) =>
  fields
    .filter((field) => !field.when || field.when(form))
    .map((field) => ({
      key: field.name,
      label: t(`fact.${field.name}`),
      text: textOf(field, form[field.name]),
      value: form[field.name],
    }));
/**
 * Where two lists of lines differ: {key, label, before, after}, a line that is missing is undefined.
 * @param {Line[]} before
 * @param {Line[]} after
 * @returns {Difference[]}
 */
export function differences(before, after) {
  const keys = [...new Set([...before, ...after].map((line) => line.key))];
  return keys
    .map((key) => ({
      key,
      before: before.find((line) => line.key === key),
      after: after.find((line) => line.key === key),
    }))
    .filter((pair) => pair.before?.text !== pair.after?.text)
    .map((pair) => ({ ...pair, label: (pair.after ?? pair.before)?.label ?? "" }));
}
