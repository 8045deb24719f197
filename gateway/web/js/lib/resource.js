// Data of the server for a screen: it stays while it is being read anew, so nothing flickers.
import { useCallback, useEffect, useRef, useState } from "/js/lib/html.js";
import { ApiProblem } from "/js/lib/api.js";
import { language } from "/js/lib/i18n.js";

/**
 * `const orders = useResource(() => get("/orders/work-orders", filter), [filter])` → {data, error, loading, load, set}.
 * `load()` reads again; an answer that a newer one has overtaken is dropped. `auto: false` leaves the first read to the
 * caller (useLive). `worded: true`: the server puts some of it into words, so it is read again in another language; so
 * is the reason why it could not be read.
 * @template T
 * @param {() => Promise<T>} read
 * @param {any[]} [deps]
 * @param {{ auto?: boolean, worded?: boolean }} [options]
 */
export function useResource(read, deps = [], { auto = true, worded = false } = {}) {
  const [state, setState] = useState({
    data: /** @type {T | undefined} */ (undefined),
    error: /** @type {unknown} */ (null),
    loading: true,
  });
  const newest = useRef(0);
  const asked = useRef("");
  const reader = useRef(read);
  reader.current = read;
  const load = useCallback(async () => {
    const mine = ++newest.current;
    asked.current = language.value;
    setState((now) => ({ ...now, loading: true }));
    try {
      const data = await reader.current();
      if (mine === newest.current) setState({ data, error: null, loading: false });
    } catch (error) {
      if (mine === newest.current) setState((now) => ({ ...now, error, loading: false }));
    }
  }, []);
  useEffect(() => {
    if (auto) load();
  }, deps);
  const isSaid = worded || state.error instanceof ApiProblem;
  useEffect(() => {
    if (isSaid && asked.current && asked.current !== language.value) load();
  }, [language.value]);
  useEffect(() => () => (newest.current += 1), []);
  const set = useCallback(
    (/** @type {any} */ data) =>
      setState((now) => ({ ...now, data: typeof data === "function" ? data(now.data) : data })),
    [],
  );
  return { ...state, load, set };
}
