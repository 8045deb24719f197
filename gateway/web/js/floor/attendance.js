// Attendance: the last answer of the server, with what was touched since.
import { get } from "/js/lib/api.js";
import { readOrCached } from "/js/floor/cache.js";

const FORGOTTEN_MS = 16 * 3600000; // as the server sees it: nobody is there for longer than two shifts
const REST_MS = 4 * 3600000; // who went a shorter time ago has done so at the end of their work
const KINDS = new Set(["come", "go"]);

/**
 * The server's record of the signed-in person's attendance; `asked` is when.
 * @param {string} person
 * @returns {Promise<Attendance>}
 */
export const readAttendance = (person) =>
  readOrCached(`attendance/${person}`, async () => {
    // before the answer: what is settled meanwhile may be in it or not, and does no harm twice
    const asked = new Date().toISOString();
    return { ...(await get("/production/attendance/mine")), asked };
  });

/**
 * {came, went} of a person, from what the server said (null: nothing was ever heard) and the commands that count; null
 * when nobody knows. Pure.
 * @param {Attendance | null | undefined} known
 * @param {Command[]} commands
 * @param {string} person
 * @returns {Presence | null}
 */
export function presence(known, commands, person) {
  const since = commands.filter(
    (command) =>
      KINDS.has(command.kind) &&
      command.person === person &&
      !(known && command.settled && command.settled < known.asked),
  );
  const first = known ? { came: known.again_at ?? known.begins, went: known.ends } : null;
  return since.reduce(
    (/** @type {Presence | null} */ was, { kind, at }) =>
      kind === "come" ? { came: at, went: null } : { came: was?.came ?? null, went: at },
    first,
  );
}

/**
 * "in" | "out" | "forgotten": came, and never said that they went | null: nobody knows. Pure.
 * @param {Presence | null} presence
 * @param {number} now
 * @returns {"in" | "out" | "forgotten" | null}
 */
export function attendanceState(presence, now) {
  if (!presence) return null;
  if (!presence.came || presence.went) return "out";
  return now - Date.parse(presence.came) > FORGOTTEN_MS ? "forgotten" : "in";
}

/**
 * True when somebody should be asked whether they have come: they are not there, and did not go just now. Pure.
 * @param {Presence | null} presence
 * @param {number} now
 */
export const isAwaited = (presence, now) =>
  ["out", "forgotten"].includes(attendanceState(presence, now) ?? "") &&
  !(presence?.went && now - Date.parse(presence.went) < REST_MS);
