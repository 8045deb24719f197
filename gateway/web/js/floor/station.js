// The machine in front of the operator: the server's last snapshot with all that was touched since. It answers at once,
// network or not.
import { signal, useEffect, useMemo, useRef, useState } from "/js/lib/html.js";
import { all } from "/js/lib/api.js";
import { atMostEvery } from "/js/lib/live.js";
import { readMachine } from "/js/lib/machines.js";
import { cacheValue, cachedValue } from "/js/floor/cache.js";
import { apply, fold } from "/js/floor/model.js";
import { commands, counts, depth, checkpoint, ready } from "/js/floor/queue.js";

const OPEN_STATES = "running,paused,ready,waiting,blocked";

/**
 * The machine, and the jobs planned on it or on its work center without a machine yet.
 * @param {string} code
 * @returns {Promise<Station>}
 */
async function readStation(code) {
  const machine = await readMachine(code);
  const jobs = await all("/production/jobs", { work_center: machine.work_center, state: OPEN_STATES });
  return { machine, jobs: jobs.filter((job) => !job.machine || job.machine === machine.code) };
}

/**
 * @param {Checkpoint} before
 * @param {Checkpoint} after
 */
const same = (before, after) => before.open.every((seq) => after.open.includes(seq));

/**
 * A snapshot {station, top, open} of which it is known what of the queue it holds: all commands up to `top`, without
 * the `open` ones. Null when a command was on its way meanwhile: nobody could say whether it is in there.
 * @param {string} code
 * @param {boolean} anyway
 * @returns {Promise<Snapshot | null>}
 */
async function takeSnapshot(code, anyway) {
  const before = await checkpoint();
  if (before.busy && !anyway) return null;
  const station = await readStation(code);
  const after = await checkpoint();
  if (!same(before, after) && !anyway) return null;
  return { station, top: before.top, open: before.open };
}

/**
 * True when the snapshot does not show this command yet.
 * @param {Snapshot} snapshot
 * @param {Command} command
 */
const isMissing = (snapshot, command) =>
  counts(command) && (command.seq > snapshot.top || snapshot.open.includes(command.seq));

/** The station with the queue on it; a touch adds one command to what was folded before. */
function folder() {
  /** @type {{ snapshot: Snapshot | null, missing: Command[], view: any }} */
  let last = { snapshot: null, missing: [], view: null };
  return (/** @type {Snapshot} */ snapshot, /** @type {Command[]} */ list) => {
    const missing = list.filter((command) => isMissing(snapshot, command));
    const continues =
      last.snapshot === snapshot &&
      last.missing.length <= missing.length &&
      last.missing.every((command, at) => command.id === missing[at].id);
    const view = continues
      ? missing.slice(last.missing.length).reduce(apply, last.view)
      : fold(snapshot.station, missing);
    last = { snapshot, missing, view };
    return view;
  };
}

/** How many times commands have been settled: after each of them the snapshot is old. */
const settled = signal(0);
let open = 0;
depth.subscribe((now) => {
  if (now < open) settled.value += 1;
  open = now;
});

/**
 * {station, error, load, jobNow}: what a machine's screen shows; `station` is undefined until something is known.
 * `jobNow(id)` is newer than the last drawing.
 * @param {string} code
 */
export function useStation(code) {
  const [state, setState] = useState(
    /** @type {{ snapshot: Snapshot | null, error: unknown }} */ ({ snapshot: null, error: null }),
  );
  const withQueue = useMemo(folder, [code]);
  const known = useRef(null);
  const load = useMemo(() => {
    let newest = 0;
    return async () => {
      const mine = ++newest;
      try {
        await ready();
        known.current ??= await cachedValue(`station/${code}`);
        if (known.current) setState((now) => (now.snapshot ? now : { ...now, snapshot: known.current }));
        const snapshot = await takeSnapshot(code, !known.current);
        if (mine !== newest || !snapshot) return;
        known.current = snapshot;
        setState({ snapshot, error: null });
        cacheValue(`station/${code}`, snapshot).catch(() => {}); // a full disk: it works on as long as the network does
      } catch (error) {
        if (mine === newest) setState((now) => ({ ...now, error }));
      }
    };
  }, [code]);
  const settledSoon = useMemo(() => atMostEvery(300, load), [load]);
  const times = settled.value;
  useEffect(() => {
    if (times) settledSoon();
  }, [times]);
  const station = state.snapshot ? withQueue(state.snapshot, commands.value) : undefined;
  /** @param {string} id */
  const jobNow = (id) =>
    known.current && withQueue(known.current, commands.value).jobs.find((/** @type {Job} */ job) => job.id === id);
  return { station, error: state.error, load, jobNow };
}
