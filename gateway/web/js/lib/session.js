// Who is signed in on this browser, and which device it is.
import { computed, signal } from "/js/lib/html.js";
import { ApiProblem, del, deviceToken, endReads, get, NoAnswer, post, token, whenSignedOut } from "/js/lib/api.js";
import { cacheValue, cachedValue } from "/js/floor/cache.js";
import { recognise, rememberPerson } from "/js/floor/people.js";
import { forgetLanguage, offerLanguage } from "/js/lib/i18n.js";
import { navigate, path } from "/js/lib/router.js";

/**
 * The answer of GET /me: {person, name, roles, languages, device, site}; null when nobody is signed in, undefined
 * before it is known.
 * @type {Signal<Me | null | undefined>}
 */
export const me = signal(undefined);
/** GET /site: {code, name, timezone, needs_setup, version}. @type {Signal<Site | null>} */
export const site = signal(null);
export const roles = computed(() => new Set(me.value?.roles || []));
/**
 * True when the person holds one of the roles; an admin holds all.
 * @param {string[]} allowed
 */
export const may = (...allowed) => roles.value.has("admin") || allowed.some((role) => roles.value.has(role));
/** True for those who work with people; a guest reads figures without them. */
export const seesPersons = () => may("operator", "leader", "quality", "planner", "maintenance");
/** True for those who start, stop and finish jobs. */
export const runsJobs = () => may("operator", "leader", "planner");
/** True for those who report pieces, and give lots to jobs. */
export const reports = () => may("operator", "leader", "quality", "planner");
/** True for those who read who changed what. */
export const readsChanges = () => may("leader", "quality", "planner", "maintenance");

/**
 * Restores the tokens that the browser had not written to its disk yet when the power went. Call once, before any
 * request.
 */
export async function restoreTokens() {
  for (const [name, stored] of Object.entries({ "token/session": token, "token/device": deviceToken })) {
    stored.value ??= await cachedValue(name);
    // a full disk: the browser's own copy is there
    stored.subscribe((value) => cacheValue(name, value).catch(() => {}));
  }
}

const WAKING_MS = 4000; // a network that swallows everything must not keep a tablet from starting

/**
 * Asks the server who this is; a tablet that gets no answer goes on as whom it knew. Throws NoAnswer when it knew
 * nobody.
 */
export async function loadMe() {
  const last = await cachedValue("me");
  if (!token.value && !last?.offline) {
    me.value = null;
    return null;
  }
  try {
    // Who signed in while nobody answered has no session yet: the server asks for the PIN once it is back.
    me.value = token.value
      ? await get("/me", {}, last ? { signal: AbortSignal.timeout(WAKING_MS) } : {})
      : await get("/site", {}, { bearer: null, signal: AbortSignal.timeout(WAKING_MS) }).then(() => null);
    saveMe();
  } catch (error) {
    if (!(error instanceof NoAnswer) || !last) throw error;
    me.value = last;
    if (last.offline) returnOnline();
  }
  return me.value;
}

// without it the tablet only needs the network to start
const saveMe = () => cacheValue("me", me.value).catch(() => {});

/**
 * {login, password} | {person, pin} | {badge}: a session of this browser. The last two use the enrolled device's token,
 * and what the tablet knows when nobody answers.
 * @param {Credentials} credentials
 * @returns {Promise<Me>}
 */
export async function signIn(credentials) {
  if (credentials.login) return adopt(await post("/sessions", credentials, { bearer: null }));
  try {
    const now = await adopt(
      await post("/sessions", credentials, { bearer: deviceToken.value, signal: AbortSignal.timeout(WAKING_MS) }),
    );
    // next time it takes the network
    rememberPerson(now, credentials.pin ? "pin" : "badge", credentials.pin ?? credentials.badge ?? "").catch(() => {});
    return now;
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    me.value = { ...(await recognise(credentials)), offline: true };
    await offerLanguage(me.value.languages, true).catch(() => {});
    saveMe();
    returnOnline(credentials);
    return me.value;
  }
}

const ASK_MS = 5000;

/**
 * Until the server answers: then the PIN that was typed makes a real session; a tablet that has forgotten it asks for
 * it again.
 * @param {Credentials} [credentials]
 */
async function returnOnline(credentials) {
  const who = me.value;
  while (me.value === who) {
    await new Promise((done) => setTimeout(done, ASK_MS * (0.75 + Math.random() / 2)));
    if (me.value !== who) return;
    try {
      if (credentials) await adopt(await post("/sessions", credentials, { bearer: deviceToken.value }));
      else if (await get("/site", {}, { bearer: null })) forgetSession();
    } catch (error) {
      if (error instanceof ApiProblem && error.status < 500 && error.status !== 429) forgetSession();
    }
  }
}

/**
 * Takes a session that an answer carried (sign-in, set-up).
 * @param {{ access_token: string }} session
 * @returns {Promise<Me>}
 */
export async function adopt(session) {
  token.value = session.access_token;
  const now = await get("/me");
  await offerLanguage(now.languages, Boolean(now.device)).catch(() => {}); // the old texts are better than no screen
  me.value = now;
  saveMe();
  return now;
}

/**
 * Ends the session: on this disk, where a restart would find it, then for the screens, and at the server, even when the
 * page is closed at once.
 */
export async function signOut() {
  const bearer = token.value;
  await Promise.allSettled([cacheValue("token/session", null), cacheValue("me", null)]);
  forgetSession();
  endReads();
  // signing out must also work without a network
  if (bearer) await del("/sessions/current", { bearer, keepalive: true }).catch(() => {});
}

function forgetSession() {
  token.value = null;
  me.value = null;
  saveMe();
  forgetLanguage().catch(() => {}); // the texts of before are better than none
  if (!["/sign-in", "/setup"].includes(path.value))
    navigate(`/sign-in?next=${encodeURIComponent(location.pathname)}`, { replace: true });
}

whenSignedOut(forgetSession);

/** The page a person starts on: the tablet's machine, a choice of machines, or what waits for them. */
export function home() {
  const machine = me.value?.device?.machine;
  if (machine) return `/station/${encodeURIComponent(machine)}`;
  return may("planner", "leader", "quality", "viewer", "maintenance") ? "/" : "/station";
}

/**
 * True when a page is for this person.
 * @param {{ roles: string[] | null }} page
 */
export const mayUse = (page) => !page.roles || may(...page.roles);
