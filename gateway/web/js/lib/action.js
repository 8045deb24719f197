// A write that a person starts with a touch: once, however often it is touched and however bad the network is.
import { useRef, useState } from "/js/lib/html.js";
import { ApiProblem, NoAnswer, uuid } from "/js/lib/api.js";
import { showFault } from "/js/lib/fault.js";

/** @param {number} ms */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
// A lock after too many wrong tries is an answer for the person, not a busy server.
const BUSY_SERVER = [429, 502, 503, 504];

/**
 * Repeats `call(key)` with one Idempotency-Key until it is answered; `waiting(true)` is called when an answer is
 * overdue.
 * @template T
 * @param {(key: string) => Promise<T>} call
 * @param {(isOverdue: boolean) => void} [waiting]
 * @param {string} [key]
 */
export async function untilAnswered(call, waiting = () => {}, key = uuid()) {
  for (let wait = 1000; ; wait = Math.min(wait * 2, 15000)) {
    try {
      const answer = await call(key);
      waiting(false);
      return answer;
    } catch (error) {
      const again =
        error instanceof NoAnswer ||
        (error instanceof ApiProblem && BUSY_SERVER.includes(error.status) && error.code !== "locked");
      if (!again) {
        waiting(false);
        throw error;
      }
      waiting(true);
      await pause(wait);
    }
  }
}

/**
 * `const report = useAction((key, good) => post(path, {good}, {key}), {done, failed})`, then `report.go(12)`.
 * While it runs, further touches do nothing. `busy`, `waiting` (no network, still trying) and `problem` are for the
 * screen. What is refused for single fields brings the first of them into sight.
 * @param {(key: string, ...args: any[]) => any} call
 * @param {{ done?: (answer: any, ...args: any[]) => any, failed?: (problem: any) => any }} [options]
 * @returns {Action}
 */
export function useAction(call, { done, failed } = {}) {
  const running = useRef(false);
  const [state, setState] = useState({ busy: false, waiting: false, problem: /** @type {any} */ (null) });
  /** @param {any[]} args */
  const go = async (...args) => {
    if (running.current) return undefined;
    running.current = true;
    setState({ busy: true, waiting: false, problem: null });
    try {
      const answer = await untilAnswered(
        (key) => call(key, ...args),
        (waiting) => setState({ busy: true, waiting, problem: null }),
      );
      running.current = false;
      setState({ busy: false, waiting: false, problem: null });
      await done?.(answer, ...args);
      return answer;
    } catch (problem) {
      running.current = false;
      setState({ busy: false, waiting: false, problem });
      if (problem instanceof ApiProblem && problem.errors.length) showFault();
      if (failed) failed(problem);
      else if (!(problem instanceof ApiProblem)) throw problem;
      return undefined;
    }
  };
  const forget = () => setState((now) => ({ ...now, problem: null }));
  return { ...state, go, forget };
}
