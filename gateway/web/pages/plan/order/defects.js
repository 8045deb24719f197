import { all } from "/js/lib/api.js";
import { local } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";

const NONE = {};

/** The names of the defects in use, by code. */
export function useDefects() {
  const known = useResource(async () => (await all("/quality/defects")).filter((one) => one.active !== false));
  return known.data ? Object.fromEntries(known.data.map((one) => [one.code, local(one.name)])) : NONE;
}
