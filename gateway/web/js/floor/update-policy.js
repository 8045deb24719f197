// When a tablet may take a new build: never in the middle of a touch, not while work waits to be sent, and not never.
// Pure; times in milliseconds.
const QUIET_MS = 60000;
const CHANGE_QUIET_MS = 5000; // between two shifts nobody has to wait for the minute
const OLDEST_MS = 12 * 3600000;

/**
 * `busy`: a sheet is open, something is typed or on its way; `depth`: commands not settled; `quiet`: since the last
 * touch; `age`: since the build was there; `changing`: nobody is signed in, or the page was just opened.
 * @param {{ busy: boolean, depth: number, quiet: number, age: number, changing: boolean }} situation
 */
export function mayUpdate({ busy, depth, quiet, age, changing }) {
  if (busy || quiet < (changing ? CHANGE_QUIET_MS : QUIET_MS)) return false;
  // The queue survives a new build, so a tablet that is never empty gets the new one, too: at the change of shifts
  // once it is half a day old.
  return depth === 0 || (changing && age > OLDEST_MS) || age > 2 * OLDEST_MS;
}
