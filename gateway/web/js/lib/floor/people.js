// Signing in while nobody answers: whoever has signed in on this tablet within the last two weeks is known by a PIN or
// a badge. What is kept to compare with is derived slowly, and encrypted.
import { forgetKept, keep, kept } from "/js/lib/floor/keep.js";
import { isSealed } from "/js/lib/floor/vault.js";

const KNOWN_MS = 14 * 86400000;
const TRIES = 5;
const LOCKED_MS = 15 * 60000;
const ROUNDS = 250000;

/**
 * The people of this tablet cannot be told apart without the server: never signed in here, too long ago, or no HTTPS.
 */
export class Unknown extends Error {}
/** The PIN or badge is wrong; `locked`: too often. */
export class Wrong extends Error {
  constructor(locked) {
    super("wrong");
    this.locked = locked;
  }
}

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

/** Remembers who has just signed in at the server; `secret` is the PIN or the badge. */
export async function remember(who, kind, secret) {
  if (!isSealed) return;
  const salt = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  const people = (await kept("people")) ?? {};
  const before = people[who.person]?.secrets ?? {};
  const proof = { salt, bits: await derive(secret, new Uint8Array(salt)) };
  await keep("people", {
    ...people,
    [who.person]: { who, secrets: { ...before, [kind]: proof }, since: Date.now(), failures: 0 },
  });
}

const isRight = async (proof, secret) =>
  Boolean(proof) && (await derive(secret, new Uint8Array(proof.salt))).every((byte, at) => byte === proof.bits[at]);

/** Who this is, by {person, pin} or {badge}, without the server. Throws Unknown or Wrong. */
export async function recognise({ person, pin, badge }) {
  const people = (isSealed && (await kept("people"))) || {};
  const fresh = Object.values(people).filter((one) => Date.now() - one.since < KNOWN_MS);
  if (badge) {
    for (const one of fresh) if (await isRight(one.secrets.badge, badge)) return one.who;
    throw fresh.some((one) => one.secrets.badge) ? new Wrong(false) : new Unknown();
  }
  const one = fresh.find((known) => known.who.person === person);
  if (!one?.secrets.pin) throw new Unknown();
  if (one.failures >= TRIES && Date.now() - one.failed < LOCKED_MS) throw new Wrong(true);
  if (await isRight(one.secrets.pin, pin)) {
    await keep("people", { ...people, [person]: { ...one, failures: 0 } });
    return one.who;
  }
  const failures = (one.failures >= TRIES ? 0 : one.failures) + 1;
  await keep("people", { ...people, [person]: { ...one, failures, failed: Date.now() } });
  throw new Wrong(failures >= TRIES);
}

/** Nobody of this tablet is known any more: it was enrolled anew. */
export const forgetPeople = () => forgetKept("people");
