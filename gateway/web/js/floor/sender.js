// Empties the queue: one command at a time, in the order of the touches, until each has a final state. Two windows
// never send at once.
import { ApiProblem, NoAnswer, request, uuid } from "/js/lib/api.js";
import { effect, signal } from "/js/lib/html.js";
import { connection } from "/js/lib/live.js";
import { me } from "/js/lib/session.js";
import { bodyOf } from "/js/floor/commands.js";
import { commands, isOpen, ready, settle, whenAdded } from "/js/floor/queue.js";
import { anyTokenFor, dropToken, NoSession, tokenFor } from "/js/floor/delegated-session.js";

const PATIENCE_MS = 15000;
const LONGEST_PAUSE_MS = 8000;
const TRIES = 6; // of a server that fails on this one command: then a person looks at it
const LATER_MS = 60000;
const ASKING_MS = 15000;
const AGAIN = new Set([408, 425, 429, 502, 503, 504]);

/** True while the queue does not get on: nobody answers, or nobody may speak. */
export const stuck = signal(false);

/** @param {import("/js/lib/api.js").ApiProblem} problem */
const isBusy = (problem) => AGAIN.has(problem.status) || problem.code === "in_flight";
/** @type {Map<number, number>} */
const later = new Map(); // commands that have to wait for something else than the network: seq → when to try again
/** @type {Map<number, number>} */
const failures = new Map();

/** Where what another command recorded is taken back. @type {Record<string, string>} */
const TAKEN_BACK = { reverse: "/production/results", give_back: "/production/lot-movements" };

/**
 * The path of a command that takes back what another one recorded; null as long as that has no answer.
 * @param {Command} command
 */
function pathOf(command) {
  if (command.path) return command.path;
  const undone = commands.value.find((one) => one.id === command.undoes);
  return undone?.answer?.id ? `${TAKEN_BACK[command.kind]}/${undone.answer.id}/reverse` : null;
}

/**
 * @param {{ status: number, code: string, message: string, errors?: FieldError[], body?: any }} problem
 * @returns {PlainProblem}
 */
const plainProblem = (problem) => ({
  status: problem.status,
  code: problem.code,
  detail: problem.message,
  ...(problem.errors?.length ? { errors: problem.errors } : {}),
  ...(problem.body?.lots ? { lots: problem.body.lots } : {}),
});
// A report that came late is no news to who made it: only what somebody should look at stays.
/**
 * @param {any} answer
 * @returns {string[]}
 */
function flagsOf(answer) {
  if (answer?.prints) return answer.error ? ["not_printed"] : [];
  return (
    answer?.command_flags ??
    (Array.isArray(answer?.flags) && answer.id !== undefined && answer.number === undefined ? answer.flags : [])
  );
}

/**
 * The stored part of an answer: the new record, and how a label was printed.
 * @param {any} data
 */
const resultOf = (data) =>
  data?.id
    ? { id: data.id, ...(data.prints ? { print: data.prints.at(-1).state, why: data.error?.detail ?? null } : {}) }
    : null;

/** @param {Command} command */
async function send(command) {
  const path = pathOf(command);
  if (!path) return refuse(command, { status: 409, code: "not_recorded", message: "" });
  const bearer = await tokenFor(command.person);
  const sending = await settle(command, { state: "sending" }, ["queued", "sending"]);
  if (!sending) return undefined;
  try {
    const { data } = await request("POST", path, {
      body: bodyOf(command),
      key: command.id,
      bearer,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const flags = flagsOf(data);
    failures.delete(command.seq);
    return settle(sending, {
      state: flags.length ? "flagged" : "done",
      flags,
      answer: resultOf(data),
      settled: new Date().toISOString(),
    });
  } catch (problem) {
    if (!(problem instanceof ApiProblem) || isBusy(problem)) throw problem;
    if (problem.status === 401) {
      dropToken(command.person, bearer);
      throw problem;
    }
    const failed = (failures.get(command.seq) ?? 0) + 1;
    failures.set(command.seq, failed);
    if (problem.status >= 500 && failed < TRIES) throw problem;
    // The operator is still there and sees that it did not happen, so no leader has to look at it.
    if (command.asks && problem.status < 500 && Date.now() - Date.parse(command.at) < ASKING_MS)
      return settle(sending, { state: "blocked", problem: plainProblem(problem), settled: new Date().toISOString() });
    return refuse(sending, problem);
  }
}

/**
 * @param {Command} command
 * @param {{ status: number, code: string, message: string, errors?: FieldError[] }} problem
 */
const refuse = (command, problem) =>
  settle(command, { state: "refused", problem: plainProblem(problem), review: uuid() });

/**
 * As the leaders get it: where it would have gone, and what it would have said.
 * @param {Command} command
 */
function contentOf(command) {
  const { id, kind, path, person, machine, at, undoes } = command;
  return {
    id,
    kind,
    path: `/api/v1${path ?? `${TAKEN_BACK[kind]}/of/${undoes}/reverse`}`,
    body: bodyOf(command),
    person,
    machine,
    at,
  };
}

/**
 * Hands what was refused over to the leaders, with the reason.
 * @param {Command} command
 */
async function handOver(command) {
  const bearer = await anyTokenFor(command.person);
  const body = { command: contentOf(command), problem: command.problem };
  const { data } = await request("POST", "/production/reviews", {
    body,
    key: command.review,
    bearer,
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  return settle(command, { state: "review", answer: { review: data.id }, settled: new Date().toISOString() });
}

const next = () => commands.value.find((command) => isOpen(command) && (later.get(command.seq) ?? 0) <= Date.now());

/** Sends until nothing is left; throws what stopped it. */
async function drain() {
  for (let command = next(); command; command = next()) {
    try {
      await (command.state === "refused" ? handOver(command) : send(command));
      stuck.value = false;
    } catch (problem) {
      if (problem instanceof NoSession && problem.problem && command.state !== "refused")
        await refuse(command, problem.problem);
      else if (
        problem instanceof NoSession ||
        (command.state === "refused" && problem instanceof ApiProblem && !isBusy(problem))
      )
        later.set(command.seq, Date.now() + LATER_MS);
      else throw problem;
    }
  }
}

let wakeUp = () => {};
/** Try now: something has changed. */
export const hurry = () => wakeUp();

/** @param {() => Promise<void>} work */
const alone = (work) => {
  if (navigator.locks)
    return navigator.locks.request("dure-floor-sender", { ifAvailable: true }, (lock) => lock && work());
  // Plain HTTP has no locks: the window that is seen sends. The keys keep it from counting twice in any case.
  return document.hidden ? undefined : work();
};

async function run() {
  await ready();
  for (let tries = 0; ; ) {
    const woken = new Promise((done) => (wakeUp = () => done(undefined)));
    try {
      await alone(drain);
      tries = 0;
    } catch (problem) {
      tries += 1;
      stuck.value = true;
      if (!(problem instanceof NoAnswer || problem instanceof ApiProblem)) console.error(problem);
    }
    const rest = tries
      ? Math.min(500 * 2 ** tries, LONGEST_PAUSE_MS) * (0.5 + Math.random() / 2)
      : later.size || commands.value.some(isOpen)
        ? LONGEST_PAUSE_MS
        : 0;
    await Promise.race([woken, ...(rest ? [new Promise((done) => setTimeout(done, rest))] : [])]);
  }
}

/** @type {Promise<void> | null} */
let running = null;
/** Begins to send, once for this window; from then on each command is sent as soon as it can be. */
export function startSending() {
  if (running) return;
  running = run();
  whenAdded(hurry);
  addEventListener("online", hurry);
  document.addEventListener("visibilitychange", hurry);
  effect(() => {
    if (connection.value === "online" && me.value) hurry();
  });
}
