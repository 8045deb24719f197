// The kinds of master data that are a code, a name and a few fields: what each holds, and what its list shows.
import { all } from "/js/lib/api.js";
import { day, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { readPeople } from "/js/lib/names.js";
import { may, seesPersons } from "/js/lib/session.js";

const options = (values, word) => () => values.map((value) => ({ value, label: word(value) }));
const reasonKinds = options(["planned", "setup", "unplanned", "hold", "correction"], (value) => t(`reason.${value}`));
const toolKinds = options(["die", "mould", "jig", "gauge", "other"], (value) => t(`tool_kind.${value}`));
const skillLevels = options(["1", "2", "3", "4"], (value) => `${value} · ${t(`skill_level.${value}`)}`);
const wordOf = (list, value) => list().find((one) => one.value === value)?.label ?? value;
const muted = (value) => value || "–";

const NAME = { name: "name", type: "names", needed: true, wide: true };
const ACTIVE = { name: "active", type: "check", start: true, hint: true, wide: true };
const DAY_OFF = [
  { name: "date", type: "date", needed: true },
  { name: "name", type: "day_name", needed: true },
];
const OVERTIME = [
  { name: "date", type: "date", needed: true },
  { name: "shift", type: "ref", of: "shifts", needed: true },
  { name: "ends", type: "time", needed: true },
];
const LEARNT = [
  { name: "skill", type: "ref", of: "skills", needed: true },
  { name: "level", type: "choice", options: skillLevels, needed: true, start: "1" },
];
const column = (name, text, rest = {}) => ({ key: name, label: t(`fact.${name}`), render: text, sort: text, ...rest });
const fields = (...own) => [NAME, ...own, ACTIVE];
const hours = (starts, ends) => `${starts.slice(0, 5)} – ${ends.slice(0, 5)}`;
const worn = (tool) => (tool.life_shots ? ` / ${number(tool.life_shots)}` : "");

/** Everybody with what they have learnt. */
async function readLearners() {
  const [learnt, people] = await Promise.all([all("/orders/person-skills"), readPeople()]);
  const skills = new Map(learnt.map((one) => [one.person, one.skills]));
  const known = new Map(people.map((one) => [one.code, one]));
  return [...new Set([...skills.keys(), ...known.keys()])].sort().map((code) => ({
    code,
    name: known.get(code)?.name ?? {},
    active: known.get(code)?.active ?? true,
    skills: skills.get(code) ?? [],
  }));
}

/**
 * id → {icon, fields, columns(), read?, writers?, subject?, asked?}; the id is the path below /orders/ and below
 * /definitions/; `asked` is what stands in the form whatever the server answered: said anew with each change.
 */
export const KINDS = {
  machines: {
    icon: "machine",
    fields: fields({ name: "work_center", type: "ref", of: "work-centers", needed: true }),
    columns: () => [column("work_center", (one) => one.work_center)],
  },
  "work-centers": {
    icon: "board",
    fields: fields({ name: "area", type: "ref", of: "areas" }),
    columns: () => [column("area", (one) => muted(one.area))],
  },
  areas: { icon: "globe", fields: fields(), columns: () => [] },
  tools: {
    icon: "tools",
    fields: fields(
      { name: "kind", type: "choice", options: toolKinds, needed: true, start: "mould" },
      { name: "cavities", type: "integer", start: 1, empty: 1 },
      { name: "shots", type: "integer", empty: 0 },
      { name: "life_shots", type: "integer" },
      { name: "maintenance_shots", type: "integer", hint: true },
    ),
    columns: () => [
      column("kind", (one) => wordOf(toolKinds, one.kind)),
      column("cavities", (one) => number(one.cavities), { align: "end", class: "wide-only" }),
      column("shots", (one) => `${number(one.shots)}${worn(one)}`, { align: "end", sort: (one) => one.shots }),
    ],
  },
  reasons: {
    icon: "warning",
    fields: fields(
      { name: "kind", type: "choice", options: reasonKinds, needed: true },
      { name: "note_required", type: "check" },
    ),
    columns: () => [column("kind", (one) => wordOf(reasonKinds, one.kind))],
  },
  shifts: {
    icon: "clock",
    fields: fields(
      { name: "starts", type: "time", needed: true },
      { name: "ends", type: "time", needed: true },
      { name: "valid_from", type: "date", hint: true, wide: true },
    ),
    asked: { valid_from: null },
    columns: () => [
      column("hours", (one) => hours(one.starts, one.ends)),
      column("valid_from", (one) => (one.valid_from ? day(one.valid_from) : muted()), { class: "wide-only" }),
    ],
  },
  calendars: {
    icon: "order",
    fields: fields(
      { name: "days_off", type: "rows", fields: DAY_OFF, wide: true },
      { name: "overtime", type: "rows", fields: OVERTIME, hint: true, wide: true },
    ),
    columns: () => [
      column("days_off", (one) => number(one.days_off.length), { align: "end" }),
      column("overtime", (one) => number(one.overtime.length), { align: "end" }),
    ],
  },
  units: {
    icon: "item",
    fields: fields(
      { name: "decimals", type: "integer", needed: true, hint: true },
      { name: "aliases", type: "words", hint: true, wide: true },
    ),
    columns: () => [
      column("decimals", (one) => (one.decimals ? number(one.decimals) : t("unit.counts")), {
        align: "end",
        sort: (one) => one.decimals,
      }),
      column("aliases", (one) => muted(one.aliases.join(", ")), { class: "wide-only" }),
    ],
  },
  skills: { icon: "book", fields: fields(), columns: () => [] },
  "person-skills": {
    icon: "people",
    read: readLearners,
    writers: ["leader", "planner"],
    subject: "person_skills",
    fields: [{ name: "skills", type: "rows", fields: LEARNT, wide: true }],
    columns: () => [
      column("skills", (one) => muted(one.skills.map(({ skill, level }) => `${skill} ${level}`).join(" · ")), {
        sort: (one) => -one.skills.length,
      }),
    ],
  },
};

/** The kinds that this person reads. */
export const kinds = () => Object.keys(KINDS).filter((kind) => kind !== "person-skills" || seesPersons());
/** Every entry of a kind. */
export const readKind = (kind) => (KINDS[kind].read ?? (() => all(`/orders/${kind}`)))();
export const mayWrite = (kind) => may(...(KINDS[kind].writers ?? ["planner"]));
export const kindWord = (kind) => t(`definition.${kind}`);
/** Words that a search looks in. */
export const wordsOf = (one) => `${one.code} ${Object.values(one.name).join(" ")} ${local(one.name)}`;
