// In whose name a command is sent: always that of the person who touched. Whoever has gone home speaks by a replay
// session, which the tablet may ask for.
import { ApiProblem, deviceToken, post, token, uuid } from "/js/lib/api.js";
import { me } from "/js/lib/session.js";

const EARLY_MS = 60000;
/** @type {Map<string, { token: string, until: number }>} */
const sessions = new Map();

/** No session for this person on this tablet, now or any more. */
export class NoSession extends Error {
  /** @param {import("/js/lib/api.js").ApiProblem | null} problem */
  constructor(problem) {
    super(problem?.message ?? "no device");
    this.problem = problem ?? null;
  }
}

/** @param {string} person */
const own = (person) => (me.value?.person === person && !me.value.offline ? token.value : null);

/**
 * A token to act for a person. Throws NoSession, or NoAnswer.
 * @param {string} person
 * @returns {Promise<string>}
 */
export async function tokenFor(person) {
  const mine = own(person);
  if (mine) return mine;
  const had = sessions.get(person);
  if (had && had.until > Date.now()) return had.token;
  if (!deviceToken.value) throw new NoSession(null);
  try {
    const session = await post(
      "/sessions/replay",
      { person },
      { bearer: deviceToken.value, key: uuid(), signal: AbortSignal.timeout(15000) },
    );
    sessions.set(person, { token: session.access_token, until: Date.now() + session.expires_in * 1000 - EARLY_MS });
    return session.access_token;
  } catch (error) {
    if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) throw new NoSession(error);
    throw error;
  }
}

/**
 * The server does not know this token any more: ask for another one.
 * @param {string} person
 * @param {string} lost
 */
export function dropToken(person, lost) {
  if (sessions.get(person)?.token === lost) sessions.delete(person);
}

/**
 * Any token that may hand a command over to the leaders: the one of whoever stands there now, else of who touched.
 * @param {string} person
 */
export const anyTokenFor = async (person) => (me.value && !me.value.offline && token.value) || tokenFor(person);
