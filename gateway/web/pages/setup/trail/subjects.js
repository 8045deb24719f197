// What an entry of the trail is about, and what was done: codes of the services as words.
import { moment } from "/js/lib/format.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";

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

/** The text of one of these keys that there is, or what the service calls it. */
const said = (name, ...texts) => texts.find((text) => !text.endsWith(`.${name}`)) ?? name;

export const kindWord = (kind) => said(kind, t(`trail_kind.${kind}`));
/** What was done: an order's steps have words of their own. */
export function actionWord({ action, subject }) {
  const words = [t(`trail_action.${action}`), t(`history.${action}`)];
  return said(action, ...(subject.startsWith("work_order/") ? words.reverse() : words));
}
const fieldWord = (field) => said(field, t(`trail_field.${field}`), t(`fact.${field}`), t(`field.${field}`));

/** A person's code, a key of the API, or what did it by itself. */
export function actorWord(code, person) {
  if (code === "system") return t("history.system");
  return code.startsWith("api:") ? t("trail.key", { name: code.slice(4) }) : person(code);
}

/** `names.person(code)`, `names.device(id)`, `names.key(id)`; `asked`: what it was asked for by. */
export function subjectWord(subject, names, asked) {
  const [kind, ...rest] = subject.split("/");
  const code = asked || rest.join("/");
  const name = { person: names.person, device: names.device, api_key: names.key }[kind]?.(code);
  return { kind: kindWord(kind), name: name || code, code: kind === "person" && name !== code ? code : "" };
}

const CODED = {
  state: (value) => said(value, t(`order.${value}`)),
  kind: (value) => said(value, t(`item_kind.${value}`)),
  supply: (value) => said(value, t(`supply.${value}`)),
};
const WORDS = {
  roles: (roles) => roles.map((role) => t(`role.${role}`)).join(", "),
  languages: (codes) => codes.map((code) => LANGUAGES[code] ?? code).join(", "),
  name: local,
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
/** What is named by an id is a picture, a file: that it is another one is all that a person can read of it. */
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const isEmpty = (value) => Object.keys(value).length === 0;
const wordsOf = (field, value) => (isEmpty(value) ? "" : (WORDS[field] ?? JSON.stringify)(value));

function valueWord(field, value) {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? t("fact.yes") : t("fact.no");
  if (typeof value === "object") return wordsOf(field, value);
  if (CODED[field]) return CODED[field](value);
  if (INSTANT.test(value)) return moment(value);
  return ID.test(value) ? t("trail.another") : String(value);
}

/** What stands for a PIN, a badge or a password. */
const SECRET = "•";

/** A change as {label, before, after}; a secret is never told, only that it is another one. */
export function changeWords({ field, before, after }) {
  const label = fieldWord(field);
  if (before === SECRET || after === SECRET)
    return { label, before: "", after: after ? t("trail.another") : t("trail.gone") };
  return { label, before: valueWord(field, before), after: valueWord(field, after) };
}
