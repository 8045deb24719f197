// Who somebody is by name: known to leaders and administrators; others see the code.
import { all } from "/js/lib/api.js";
import { local } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";

/** Everybody, or nobody for those who may not know. */
export const readPeople = async () => (may("leader") ? all("/people") : []);

/** A function from a person's code to the name. */
export function usePeople() {
  const people = useResource(async () => new Map((await readPeople()).map((person) => [person.code, local(person.name)])));
  return (code) => people.data?.get(code) ?? code;
}
