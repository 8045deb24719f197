// People and tablets by the names that the shop gave them; their codes and nothing for those who may not see the lists.
import { useCallback } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { local } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";

/** A list of what leaders and administrators may see; nothing for others, who are not to ask. */
const readKnown = async (path) => (may("leader") ? all(path) : []);
export const readPeople = () => readKnown("/people");

const readNames = async (path) => Object.fromEntries((await readKnown(path).catch(() => [])).map((one) => [one.code ?? one.id, typeof one.name === "string" ? one.name : local(one.name)]));

/** `person(code)`: the person's name. */
export function usePeople() {
  const names = useResource(() => readNames("/people"));
  return useCallback((code) => names.data?.[code] ?? code, [names.data]);
}

/** `device(id)`: the tablet's name, or undefined. */
export function useDevices() {
  const names = useResource(() => readNames("/devices"));
  return useCallback((id) => names.data?.[id], [names.data]);
}
