// What an entry of the trail is about, and what was done: codes of the services as words.
import { LANGUAGES, local, t } from "/js/lib/i18n.js";
import { said, valueWord } from "/js/lib/values.js";

/** The kinds that a trail is asked for one by one, each with the service that keeps it. */
export const KINDS = {
  person: "",
  work_order: "/orders",
  item: "/orders",
  bom: "/orders",
  routing: "/orders",
  instruction: "/orders",
  machine: "/orders",
  work_center: "/orders",
  area: "/orders",
  tool: "/orders",
  reason: "/orders",
  shift: "/orders",
  calendar: "/orders",
  unit: "/orders",
  skill: "/orders",
  person_skills: "/orders",
  lot: "/production",
  defect: "/quality",
  erp_order: "/erp",
};

export const kindWord = (kind) => said(kind, t(`trail_kind.${kind}`));
/** What was done: an order's steps have words of their own. */
export function actionWord({ action, subject }) {
  const words = [t(`trail_action.${action}`), t(`history.${action}`)];
  return said(action, ...(subject.startsWith("work_order/") ? words.reverse() : words));
}
const PAGE = /^page (\d+)$/;
const OPERATION = /^op (\d+)$/;
const COMPONENT = / at (\d+)$/;
/** A field; a page of an instruction, an operation of a routing, or a component of a bill of materials. */
function fieldWord(field) {
  const [, number] = PAGE.exec(field) ?? [];
  if (number) return t("trail.page", { n: number });
  const [, op] = OPERATION.exec(field) ?? COMPONENT.exec(field) ?? [];
  if (op) return [field.replace(OPERATION, "").replace(COMPONENT, ""), t("job.op", { op })].filter(Boolean).join(" · ");
  return said(field, t(`trail_field.${field}`), t(`fact.${field}`), t(`field.${field}`));
}

/** `names.person(code)`, `names.device(id)`, `names.key(id)`; `asked`: what it was asked for by. */
export function subjectWord(subject, names, asked) {
  const [kind, ...rest] = subject.split("/");
  const code = asked || rest.join("/");
  const name = { person: names.person, device: names.device, api_key: names.key }[kind]?.(code);
  return { kind: kindWord(kind), name: name || code, code: kind === "person" && name !== code ? code : "" };
}

const WORDS = {
  roles: (roles) => roles.map((role) => t(`role.${role}`)).join(", "),
  languages: (codes) => codes.map((code) => LANGUAGES[code] ?? code).join(", "),
};

/** What is named by an id is a picture, a file: that it is another one is all that a person can read of it. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What says nothing of a line: it is as if it were not there. */
const isNothing = (value) =>
  value === null || value === "" || value === false || (typeof value === "object" && !Object.keys(value).length);
const isName = (value) => Object.keys(value).every((key) => LANGUAGES[key]);

/** An object of several fields in one line, of which those that say something; its operation is its name already. */
function linesWord(value) {
  if (Array.isArray(value)) return value.map((one) => contentWord("", one)).join(", ");
  if (isName(value)) return local(value);
  return Object.entries(value)
    .filter(([field, one]) => field !== "op" && !isNothing(one) && String(one) !== "0")
    .map(([field, one]) => `${fieldWord(field)} ${contentWord(field, one)}`)
    .join(" · ");
}

function contentWord(field, value) {
  if (value && typeof value === "object") return isNothing(value) ? "" : (WORDS[field] ?? linesWord)(value);
  return ID.test(value) ? t("trail.another") : valueWord(field, value);
}

/** What stands for a PIN, a badge or a password. */
const SECRET = "•";

/** A change as {label, before, after}; a secret is never told, only that it is another one. */
export function changeWords({ field, before, after }) {
  const label = fieldWord(field);
  if (before === SECRET || after === SECRET)
    return { label, before: "", after: after ? t("trail.another") : t("trail.gone") };
  return { label, before: contentWord(field, before), after: contentWord(field, after) };
}
