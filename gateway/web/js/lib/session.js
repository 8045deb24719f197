// Who is signed in on this browser, and which device it is.
import { computed, signal } from "/js/lib/html.js";
import { del, deviceToken, get, post, token, whenSignedOut } from "/js/lib/api.js";
import { offerLanguage } from "/js/lib/i18n.js";
import { navigate, path } from "/js/lib/router.js";

/** What GET /me says: {person, name, roles, languages, device, site}; null when nobody is signed in, undefined before it is known. */
export const me = signal(undefined);
/** GET /site: {code, name, timezone, needs_setup, version}. */
export const site = signal(null);
export const roles = computed(() => new Set(me.value?.roles || []));
/** True when the person holds one of the roles; an admin holds all. */
export const may = (...wanted) => roles.value.has("admin") || wanted.some((role) => roles.value.has(role));

/** Asks the server who this is. Throws NoAnswer when it cannot be asked. */
export async function loadMe() {
  if (!token.value) {
    me.value = null;
    return null;
  }
  me.value = await get("/me");
  return me.value;
}

/** {login, password} | {person, pin} | {badge}: a session of this browser. The last two use the enrolled device's token. */
export async function signIn(credentials) {
  const bearer = credentials.login ? null : deviceToken.value;
  const session = await post("/sessions", credentials, { bearer });
  return adopt(session);
}

/** Takes a session that an answer carried (sign-in, set-up). */
export async function adopt(session) {
  token.value = session.access_token;
  const now = await get("/me");
  await offerLanguage(now.languages, Boolean(now.device)).catch(() => {}); // the old texts are better than no screen
  me.value = now;
  return now;
}

/** Ends the session here and at the server. */
export async function signOut() {
  await del("/sessions/current").catch(() => {}); // signing out must also work without a network
  forgetSession();
}

function forgetSession() {
  token.value = null;
  me.value = null;
  if (!["/sign-in", "/setup"].includes(path.value)) navigate(`/sign-in?next=${encodeURIComponent(location.pathname)}`, { replace: true });
}

whenSignedOut(forgetSession);

/** The page a person starts on. */
export function home() {
  const machine = me.value?.device?.machine;
  if (machine) return `/station/${encodeURIComponent(machine)}`;
  if (may("planner", "leader", "quality")) return "/orders";
  return may("operator") ? "/station" : "/board";
}
