// People and tablets by the names that the shop gave them: people's for the office, tablets' for leaders; codes and
// nothing for others.
import { useCallback } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { local } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";

const OFFICE = ["leader", "planner", "quality", "maintenance", "viewer"];

/** People as {code, name, active}; nothing for operators, who are not to ask. */
export const readPeople = async () => (may(...OFFICE) ? all("/people/names") : []);
const readDevices = async () => (may("leader") ? all("/devices") : []);

/**
 * @param {() => Promise<any[]>} read
 * @returns {Promise<Record<string, string>>}
 */
const namesOf = async (read) =>
  Object.fromEntries(
    (await read().catch(() => [])).map((one) => [
      one.code ?? one.id,
      typeof one.name === "string" ? one.name : local(one.name),
    ]),
  );

/** `person(code)`: the person's name. */
export function usePeople() {
  const names = useResource(() => namesOf(readPeople));
  return useCallback((/** @type {string} */ code) => names.data?.[code] ?? code, [names.data]);
}

/** `device(id)`: the tablet's name, or undefined. */
export function useDevices() {
  const names = useResource(() => namesOf(readDevices));
  return useCallback((/** @type {string} */ id) => names.data?.[id], [names.data]);
}
