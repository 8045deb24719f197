// From a touch to a command: written down, shown at once, taken back within ten seconds by one touch, and later from
// the log.
import { useEffect, useRef, useState } from "/js/lib/html.js";
import { giveBack, reverse } from "/js/floor/commands.js";
import { add, commands, counts, settle } from "/js/floor/queue.js";
import { t } from "/js/lib/i18n.js";
import { me } from "/js/lib/session.js";
import { toast } from "/js/components/toast.js";

const UNDO_MS = 10000;
/** A second touch this soon is the same finger. */
export const DOUBLE_MS = 500;

const present = (id) => commands.value.find((command) => command.id === id);

/** Stores a command of whoever is signed in; null, and a message to the operator, when the tablet cannot. */
export async function record(command) {
  try {
    const stored = await add({ ...command, person: me.value.person, device: me.value.device?.id ?? null });
    navigator.vibrate?.(15);
    return stored;
  } catch {
    toast(t("floor.not_kept"), { tone: "stop" });
    return null;
  }
}

/** Takes a report or a lot back: what has not left the tablet never happened, what may have arrived is reversed. */
export async function takeBack(command, reason) {
  if (await settle(command, { state: "undone" }, ["queued"])) return true;
  const make = command.kind === "consume" ? giveBack : reverse;
  return Boolean(await record(make(command, reason)));
}

/**
 * {once, report, take, undo, last}: `last` is {kind, until, …} of the report or the lot that can still be taken back.
 */
export function useRecorder() {
  const [last, setLast] = useState(null);
  const touched = useRef({});

  /** Does `work` unless the same is being done, or was done less than `pause` ms ago. */
  const once = async (name, work, pause = 0) => {
    if ((touched.current[name] ?? 0) > performance.now()) return;
    touched.current[name] = Infinity;
    try {
      await work();
    } finally {
      touched.current[name] = performance.now() + pause;
    }
  };
  const remembered = async (command, about) => {
    const stored = await record(command);
    if (stored) setLast({ id: stored.id, kind: command.kind, ...about, until: Date.now() + UNDO_MS });
    return stored;
  };
  const undo = async () => {
    const command = last && present(last.id);
    setLast(null);
    if (command) await takeBack(command, t("report.undo_reason"));
  };
  useEffect(() => {
    if (!last) return undefined;
    const timer = setTimeout(() => setLast(null), Math.max(0, last.until - Date.now()));
    return () => clearTimeout(timer);
  }, [last]);
  const alive = last && present(last.id);
  return {
    once,
    report: (command) => remembered(command, command.made),
    take: (command, unit) =>
      remembered(command, { lot: command.body.lot, quantity: command.body.quantity ?? null, unit }),
    undo,
    last: alive && counts(alive) ? last : null,
  };
}
