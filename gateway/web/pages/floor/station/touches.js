// From a touch to a command: written down, shown at once, taken back within ten seconds.
import { useEffect, useRef, useState } from "/js/lib/html.js";
import { reverse } from "/js/floor/commands.js";
import { add, commands, counts, settle } from "/js/floor/queue.js";
import { t } from "/js/lib/i18n.js";
import { me } from "/js/lib/session.js";
import { toast } from "/js/components/toast.js";

const UNDO_MS = 10000;
/** A second touch this soon is the same finger. */
export const DOUBLE_MS = 500;

const present = (id) => commands.value.find((command) => command.id === id);

/** Writes a command of whoever is signed in down; null, and a word to the operator, when the tablet cannot. */
export async function record(command) {
  try {
    const kept = await add({ ...command, person: me.value.person, device: me.value.device?.id ?? null });
    navigator.vibrate?.(15);
    return kept;
  } catch {
    toast(t("floor.not_kept"), { tone: "stop", ms: 10000 });
    return null;
  }
}

/** {once, report, undo, last}: `last` is {good, scrap, until} of the report that can still be taken back. */
export function useTouches() {
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
  const report = async (command) => {
    const kept = await record(command);
    if (kept) setLast({ id: kept.id, ...kept.made, until: Date.now() + UNDO_MS });
    return kept;
  };
  const undo = async () => {
    const command = last && present(last.id);
    setLast(null);
    if (!command) return;
    // What has not left the tablet never happened; what may have arrived is reversed.
    if (await settle(command, { state: "undone" }, ["queued"])) return;
    await record(reverse(command, t("report.undo_reason")));
  };
  useEffect(() => {
    if (!last) return undefined;
    const timer = setTimeout(() => setLast(null), Math.max(0, last.until - Date.now()));
    return () => clearTimeout(timer);
  }, [last]);
  const alive = last && present(last.id);
  return { once, report, undo, last: alive && counts(alive) ? last : null };
}
