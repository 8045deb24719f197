// Signing in while nobody answers: whoever has signed in on this tablet within the last two weeks is known by a PIN or
// a badge. The stored proof is derived slowly, and encrypted.
import { dropCached, cacheValue, cachedValue } from "/js/floor/cache.js";
import { isEncrypted } from "/js/floor/encryption.js";

const KNOWN_MS = 14 * 86400000;
const TRIES = 5;
const LOCKED_MS = 15 * 60000;
const ROUNDS = 250000;

/**
 * The person cannot be recognised without the server: never signed in here, too long ago, or no HTTPS.
 */
export class UnknownPerson extends Error {}
/** The PIN or badge is wrong; `locked`: too often. */
export class WrongSecret extends Error {
  /** @param {boolean} locked */
  constructor(locked) {
    super("wrong");
    this.locked = locked;
  }
}

/**
 * @param {string} secret
 * @param {Uint8Array<ArrayBuffer>} salt
 */
async function derive(secret, salt) {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "PBKDF2", false, [
    "deriveBits",
  ]);
  const bits = await crypto.subtle.deriveBits(
    { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS },
    material,
    256,
  );
  return Array.from(new Uint8Array(bits));
}

/**
 * Remembers who has just signed in at the server; `secret` is the PIN or the badge.
 * @param {Me} who
 * @param {"pin" | "badge"} kind
 * @param {string} secret
 */
export async function rememberPerson(who, kind, secret) {
  if (!isEncrypted) return;
  const salt = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  const people = (await cachedValue("people")) ?? {};
  const before = people[who.person]?.secrets ?? {};
  const proof = { salt, bits: await derive(secret, new Uint8Array(salt)) };
  await cacheValue("people", {
    ...people,
    [who.person]: { who, secrets: { ...before, [kind]: proof }, since: Date.now(), failures: 0 },
  });
}

/**
 * @param {{ salt: number[], bits: number[] }} proof
 * @param {string} secret
 */
const isRight = async (proof, secret) =>
  Boolean(proof) && (await derive(secret, new Uint8Array(proof.salt))).every((byte, at) => byte === proof.bits[at]);

/**
 * The person, by {person, pin} or {badge}, without the server. Throws UnknownPerson or WrongSecret.
 * @param {{ person?: string, pin?: string, badge?: string }} credentials
 * @returns {Promise<Me>}
 */
export async function recognise({ person, pin, badge }) {
  const people = (isEncrypted && (await cachedValue("people"))) || {};
  const fresh = Object.values(people).filter((one) => Date.now() - one.since < KNOWN_MS);
  if (badge) {
    for (const one of fresh) if (await isRight(one.secrets.badge, badge)) return one.who;
    throw fresh.some((one) => one.secrets.badge) ? new WrongSecret(false) : new UnknownPerson();
  }
  const one = fresh.find((known) => known.who.person === person);
  if (!one?.secrets.pin || !person || !pin) throw new UnknownPerson();
  if (one.failures >= TRIES && Date.now() - one.failed < LOCKED_MS) throw new WrongSecret(true);
  if (await isRight(one.secrets.pin, pin)) {
    await cacheValue("people", { ...people, [person]: { ...one, failures: 0 } });
    return one.who;
  }
  const failures = (one.failures >= TRIES ? 0 : one.failures) + 1;
  await cacheValue("people", { ...people, [person]: { ...one, failures, failed: Date.now() } });
  throw new WrongSecret(failures >= TRIES);
}

/** Nobody of this tablet is known any more: it was enrolled anew. */
export const forgetPeople = () => dropCached("people");
