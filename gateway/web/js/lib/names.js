// People and tablets by the names that the shop gave them: people's for the office, tablets' for leaders; codes and
// nothing for others. Whoever sees no persons gets null instead of their codes: a dash.
import { useCallback } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { language, local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";

const OFFICE = ["leader", "planner", "quality", "maintenance"];

/** People as {code, person_id, name, active}; nothing for operators and guests, who are not to ask. */
export const readPeople = async () => (may(...OFFICE) ? all("/people/names") : []);
const readDevices = async () => (may("leader") ? all("/devices") : []);

/**
 * Names by each of the keys, in all their languages.
 * @param {() => Promise<any[]>} read
 * @param {string[]} keys
 * @returns {Promise<Record<string, Name>>}
 */
const namesOf = async (read, ...keys) =>
  Object.fromEntries((await read().catch(() => [])).flatMap((one) => keys.map((key) => [one[key], one.name])));

/**
 * What acts by itself: a key of the API, the services, the command line.
 * @param {string} key
 */
function systemName(key) {
  if (key.startsWith("api:")) return t("history.key", { name: key.slice(4) });
  if (key === "system") return t("history.system");
  return key === "dure-up" ? t("history.start") : "";
}

const PERSON_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * `person(key)`: the person's name by their code or pseudonymous id, or what acted by itself. An unknown code stands
 * for itself, an unknown id says nothing: "".
 */
export function usePeople() {
  const names = useResource(() => namesOf(readPeople, "code", "person_id"));
  return useCallback(
    (/** @type {string | null | undefined} */ key) =>
      key == null ? "–" : local(names.data?.[key]) || systemName(key) || (PERSON_ID.test(key) ? "" : key),
    [names.data, language.value],
  );
}

/** `device(id)`: the tablet's name, or undefined. */
export function useDevices() {
  const names = useResource(() => namesOf(readDevices, "id"));
  return useCallback((/** @type {string} */ id) => local(names.data?.[id]) || undefined, [names.data, language.value]);
}
