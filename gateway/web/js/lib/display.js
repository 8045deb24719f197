// One language of states on every screen: a tone (colour), an icon and a label.
import { t } from "/js/lib/i18n.js";

/** @type {Record<string, Appearance>} */
const MACHINE = {
  running: { tone: "run", icon: "play" },
  setup: { tone: "setup", icon: "tools" },
  stopped: { tone: "stop", icon: "warning" },
  idle: { tone: "idle", icon: "clock" },
  off: { tone: "idle", icon: "stop" },
};
/** @type {Record<string, Appearance>} */
const ORDER = {
  draft: { tone: "idle", icon: "edit" },
  planned: { tone: "idle", icon: "clock" },
  released: { tone: "setup", icon: "flag" },
  in_progress: { tone: "run", icon: "play" },
  on_hold: { tone: "warn", icon: "hold" },
  completed: { tone: "brand", icon: "check" },
  closed: { tone: "idle", icon: "lock" },
  cancelled: { tone: "idle", icon: "close" },
};
/** @type {Record<string, Appearance>} */
const JOB = {
  waiting: { tone: "idle" },
  ready: { tone: "brand", dot: true },
  running: { tone: "run", dot: true },
  paused: { tone: "warn", dot: true },
  done: { tone: "idle" },
  blocked: { tone: "stop", dot: true },
  skipped: { tone: "idle" },
  cancelled: { tone: "idle" },
};
/** @type {Record<string, Appearance>} */
const INSTRUCTION = {
  draft: { tone: "idle", icon: "edit" },
  in_review: { tone: "setup", icon: "clock" },
  approved: { tone: "brand", icon: "check" },
  superseded: { tone: "idle", icon: "undo" },
  withdrawn: { tone: "stop", icon: "close" },
};
/** @type {Record<string, Appearance>} */
const LOT = {
  available: { tone: "run", icon: "check" },
  on_hold: { tone: "stop", icon: "hold" },
  expired: { tone: "warn", icon: "clock" },
  empty: { tone: "idle", icon: "box" },
};
/** @type {Record<string, string>} */
const CALLS = { material: "layers", maintenance: "tools", quality: "quality", supervisor: "person" };
/** Kinds of reasons; a stop that somebody planned is no alarm. @type {Record<string, Appearance>} */
const REASON = {
  unplanned: { tone: "stop", icon: "warning" },
  setup: { tone: "setup", icon: "tools" },
  planned: { tone: "warn", icon: "clock" },
};

/**
 * {tone, icon, label} of a machine's state; the label is the reason's name when there is one.
 * @param {string} state
 * @param {Reason | null} [reason]
 * @returns {Display}
 */
export function machineDisplay(state, reason) {
  const display = MACHINE[state] || MACHINE.idle;
  const because = state === "stopped" && reason ? REASON[reason.kind] : null;
  return { ...display, ...because, label: t(`machine.${state || "idle"}`) };
}
/**
 * A kind of reasons for a stop.
 * @param {string} kind
 * @returns {Display}
 */
export const reasonDisplay = (kind) => ({ ...(REASON[kind] ?? REASON.unplanned), label: t(`reason.${kind}`) });
/**
 * @param {string} state
 * @returns {Display}
 */
export const orderDisplay = (state) => ({ ...(ORDER[state] || ORDER.draft), label: t(`order.${state}`) });
/**
 * @param {string} state
 * @returns {Display}
 */
export const jobDisplay = (state) => ({ ...(JOB[state] || JOB.waiting), label: t(`job.${state}`) });
/**
 * A revision of a work instruction.
 * @param {string} state
 * @returns {Display}
 */
export const instructionDisplay = (state) => ({
  ...(INSTRUCTION[state] || INSTRUCTION.draft),
  label: t(`instruction.${state}`),
});
/**
 * @param {string} state
 * @returns {Display}
 */
export const lotDisplay = (state) => ({ ...(LOT[state] || LOT.empty), label: t(`lot.${state}`) });
/**
 * A kind of call from a machine.
 * @param {string} kind
 */
export const callDisplay = (kind) => ({ icon: CALLS[kind], label: t(`andon.${kind}`) });
/**
 * The tone of an interval on a strip.
 * @param {Interval} interval
 */
export const stripTone = (interval) => machineDisplay(interval.state, interval.reason).tone;
