// The three documents of an item: its facts, its bill of materials and its routing; how each is read, edited, compared
// and written.
import { request } from "/js/lib/api.js";
import { fullDay, number } from "/js/lib/format.js";
import { NEW } from "/js/lib/draft.js";
import { isComplete, nameOf, split, textOf, toBody, toForm } from "/js/lib/fields.js";
import { t } from "/js/lib/i18n.js";
import { kindOptions } from "/pages/setup/items/kinds.js";

const code = (item) => encodeURIComponent(item);
/** A PUT whose answer comes with its ETag. */
const write = (path) => (body, etag) => request("PUT", path, { body, etag });

// facts

const supplyOptions = () => ["make", "buy"].map((value) => ({ value, label: t(`supply.${value}`) }));
const CONVERSION = [
  { name: "unit", type: "text", needed: true },
  { name: "factor", type: "text", needed: true },
];
const LOT_SIZE = ["minimum", "multiple", "maximum"].map((name) => ({ name, type: "decimal" }));
export const FACTS = [
  { name: "name", type: "names", needed: true, wide: true },
  { name: "kind", type: "choice", options: kindOptions, needed: true },
  { name: "supply", type: "choice", options: supplyOptions, needed: true },
  { name: "unit", type: "text", needed: true, hint: true },
  { name: "box_quantity", type: "decimal" },
  { name: "unit_conversions", type: "rows", fields: CONVERSION, hint: true, wide: true },
  { name: "lot_tracked", type: "check", hint: true },
  { name: "lot_rule", type: "text", hint: true },
  { name: "serial_tracked", type: "check", hint: true },
  { name: "shelf_life_d", type: "integer", hint: true },
  { name: "lot_size", type: "object", fields: LOT_SIZE, hint: true, wide: true },
  { name: "picture_id", type: "picture", hint: true },
  { name: "note", type: "area" },
  { name: "active", type: "check", start: true, hint: true },
];

export const factsOf = (item) => ({
  name: `item.${item}`,
  read: () => request("GET", `/orders/items/${code(item)}`),
  write: write(`/orders/items/${code(item)}`),
  toForm: (data) => toForm(FACTS, data),
  toBody: (form) => toBody(FACTS, form),
});
export const splitFacts = (form) => split(FACTS, form);
export const joinFacts = (lines, mine) => ({
  ...mine,
  ...Object.fromEntries(lines.map((line) => [line.key, line.value])),
});

// what a BOM and a routing share: revisions

/** The revision in force today, or the next one to come, of a list that begins with the newest. */
export function present(revisions, today) {
  const real = revisions.filter((one) => !one.effective_to || one.effective_to >= one.effective_from);
  return (
    real.find((one) => one.effective_from <= today && (!one.effective_to || one.effective_to >= today)) ??
    real.at(-1) ??
    revisions[0]
  );
}

/** From when to when a revision is, or was, in force. */
export const span = (revision) =>
  revision.effective_to && revision.effective_to < revision.effective_from
    ? t("revision.never")
    : `${fullDay(revision.effective_from)} – ${revision.effective_to ? fullDay(revision.effective_to) : ""}`;

const readPresent = (path, today) => async () => {
  const { items } = (await request("GET", `${path}/revisions`)).data;
  if (!items.length) return { data: null, etag: NEW };
  return request("GET", path, { query: { revision: present(items, today()).revision } });
};
const beginLine = (form) =>
  form.effective_from
    ? [
        {
          key: "effective_from",
          label: t("fact.effective_from"),
          text: form.effective_from,
          value: form.effective_from,
        },
      ]
    : [];
const join = (name, order) => (lines, _mine, theirs) => ({
  ...theirs,
  effective_from: lines.find((line) => line.key === "effective_from")?.value ?? "",
  [name]: lines
    .filter((line) => line.key !== "effective_from")
    .map((line, id) => ({ ...line.value, id: id + 1 }))
    .sort(order),
});
const numbered = (rows) => rows.map((row, index) => ({ ...row, id: index + 1 }));
/** A number for a new row that no other row has. */
export const nextId = (rows) => Math.max(0, ...rows.map((row) => row.id)) + 1;

// bill of materials

const ALTERNATE = [
  { name: "component", type: "item", needed: true },
  { name: "quantity", type: "amount", needed: true },
  { name: "unit", type: "text" },
];
export const LINE = [
  { name: "component", type: "item", needed: true },
  { name: "quantity", type: "amount", needed: true },
  { name: "unit", type: "text" },
  { name: "scrap_pct", type: "decimal", empty: "0" },
  { name: "op", type: "integer" },
  { name: "alternates", type: "rows", fields: ALTERNATE },
];
const bomPath = (item) => `/orders/boms/${code(item)}`;
const lineForm = (line) => ({ ...toForm(LINE, line), scrap_pct: Number(line.scrap_pct) ? line.scrap_pct : "" });
export const formOfBom = (data) => ({ lines: numbered((data?.lines ?? []).map(lineForm)), effective_from: "" });
/** A line that nobody has typed anything into yet is none. */
export const isTyped = (line) => Boolean(line.component || line.quantity || line.alternates.length);
export const bomOf = (item, today) => ({
  name: `bom.${item}`,
  read: readPresent(bomPath(item), today),
  write: write(bomPath(item)),
  toForm: formOfBom,
  toBody: (form) => ({
    lines: form.lines.filter(isTyped).map((line) => toBody(LINE, line)),
    effective_from: form.effective_from || null,
  }),
});
const lineText = (line) =>
  [
    line.quantity && `${number(line.quantity, 15)} ${line.unit}`.trim(),
    line.scrap_pct && `${t("fact.scrap_pct")} ${number(line.scrap_pct)}`,
    line.op && t("bom.at_op", { op: line.op }),
    line.alternates.length > 0 && `${t("fact.alternates")} ${textOf(LINE[5], line.alternates)}`,
  ]
    .filter(Boolean)
    .join(" · ");
export const splitBom = (form) => [
  ...form.lines
    .filter(isTyped)
    .map((line) => ({ key: `${line.component}@${line.op}`, label: line.component, text: lineText(line), value: line })),
  ...beginLine(form),
];
export const joinBom = join("lines", () => 0);
export const isBomReady = (form) => form.lines.filter(isTyped).every((line) => isComplete(LINE, line));

// routing

const modeOptions = () => ["piece", "batch"].map((value) => ({ value, label: t(`routing_mode.${value}`) }));
const inside = (form) => !form.subcontract;
const byPiece = (form) => inside(form) && form.mode !== "batch";
const byBatch = (form) => inside(form) && form.mode === "batch";
/** The fields of one operation; which machines are offered depends on its work center. */
export const operationFields = (form) => {
  const here = (machine) => !form?.work_center || machine.work_center === form.work_center;
  return [
    { name: "op", type: "integer", needed: true },
    { name: "name", type: "names", needed: true, wide: true },
    { name: "subcontract", type: "check" },
    { name: "self_inspection", type: "check" },
    { name: "work_center", type: "ref", of: "work-centers", when: inside },
    { name: "machine", type: "ref", of: "machines", when: inside, among: here },
    {
      name: "machines",
      type: "codes",
      of: "machines",
      when: inside,
      among: (machine) => here(machine) && machine.code !== form?.machine,
      hint: true,
      wide: true,
    },
    { name: "mode", type: "choice", options: modeOptions, when: inside, start: "piece" },
    { name: "setup_s", type: "decimal", when: inside, empty: "0" },
    { name: "cycle_s", type: "decimal", when: byPiece, empty: "0" },
    { name: "per_cycle", type: "decimal", when: byPiece, start: "1", empty: "1" },
    { name: "run_s_per_batch", type: "decimal", when: byBatch, needed: true },
    { name: "batch_size", type: "decimal", when: byBatch, needed: true },
    { name: "lead_time_d", type: "decimal", when: (one) => one.subcontract || one.lead_time_d },
    { name: "crew", type: "integer", when: inside, start: "1", empty: 1 },
    { name: "tool", type: "ref", of: "tools", when: inside },
    { name: "instruction", type: "ref", of: "instructions" },
    { name: "predecessors", type: "before", wide: true },
    { name: "ratio", type: "decimal", start: "1", empty: "1", hint: true },
  ];
};
const routingPath = (item) => `/orders/routings/${code(item)}`;
const plainZero = (value) => (Number(value) ? value : "");
/** One operation of the API as a form. */
export const operationForm = (step) => ({
  ...toForm(operationFields(), { ...step, mode: step.batch_size ? "batch" : "piece" }),
  cycle_s: plainZero(step.cycle_s),
  setup_s: plainZero(step.setup_s),
});
function operationBody(form) {
  const { mode, ...body } = toBody(operationFields(form), form);
  return body;
}
export const formOfRouting = (data) => ({
  operations: numbered((data?.operations ?? []).map(operationForm)),
  effective_from: "",
});
export const routingOf = (item, today) => ({
  name: `routing.${item}`,
  read: readPresent(routingPath(item), today),
  write: write(routingPath(item)),
  toForm: formOfRouting,
  toBody: (form) => ({ operations: form.operations.map(operationBody), effective_from: form.effective_from || null }),
});
const QUIET = ["op", "name", "mode"];
const isUsual = (field, value) =>
  String(value) === String(field.start ?? "") ||
  value === false ||
  (Array.isArray(value) && !value.length && field.type !== "before") ||
  (field.type === "before" && value === null);
const operationText = (form) =>
  [
    nameOf(form.name),
    ...operationFields(form)
      .filter(
        (field) =>
          !QUIET.includes(field.name) && (!field.when || field.when(form)) && !isUsual(field, form[field.name]),
      )
      .map((field) =>
        field.type === "check"
          ? t(`fact.${field.name}`)
          : `${t(`fact.${field.name}`)} ${textOf(field, form[field.name])}`,
      ),
  ]
    .filter(Boolean)
    .join(" · ");
export const splitRouting = (form) => [
  ...form.operations.map((step) => ({
    key: `op ${step.op}`,
    label: t("job.op", { op: step.op }),
    text: operationText(step),
    value: step,
  })),
  ...beginLine(form),
];
export const joinRouting = join("operations", (a, b) => Number(a.op) - Number(b.op));
export const isRoutingReady = (form) =>
  form.operations.length > 0 && form.operations.every((step) => isComplete(operationFields(step), step));

/** Which operations each one waits for, those left out filled in, as [{op, before}] of a form. */
export function waitsFor(operations) {
  const ops = operations
    .map((step) => Number(step.op))
    .filter(Boolean)
    .sort((a, b) => a - b);
  return operations
    .filter((step) => Number(step.op))
    .map((step) => {
      const op = Number(step.op);
      const at = ops.indexOf(op);
      return { op, before: step.predecessors ?? (at > 0 ? [ops[at - 1]] : []) };
    });
}
