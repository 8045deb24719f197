// Machines as the API answers them, with a strip that goes on by itself.
import { get } from "/js/lib/api.js";

/**
 * The last interval of a strip is cut off where the answer was made; while the machine is still in that state, it lasts
 * until now.
 * @param {Machine} machine
 * @returns {Machine}
 */
function goingOn(machine) {
  const last = machine.strip.at(-1);
  if (!last || last.state !== machine.state) return machine;
  return { ...machine, strip: [...machine.strip.slice(0, -1), { ...last, to: null }] };
}

/** @param {string} code */
export const readMachine = async (code) => goingOn(await get(`/production/machines/${encodeURIComponent(code)}`));
/** @returns {Promise<Machine[]>} */
export const readMachines = async () => (await get("/production/machines")).items.map(goingOn);
