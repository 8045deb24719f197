// Which orders stand still because their machine has: an order in progress is not well while its machine has failed.
import { signal, useEffect } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { orderDisplay } from "/js/lib/display.js";
import { local, t } from "/js/lib/i18n.js";
import { atMostEvery, listen } from "/js/lib/live.js";

const OFTEN_MS = 5000;

/** By the order's number: {machine, reason}, of machines whose stop nobody planned. */
export const stopped = signal(new Map());

/** Unplanned stops by the number of the order at the machine. Pure. */
export function byOrder(machines) {
  const standing = machines.filter(
    (machine) => machine.state === "stopped" && machine.job && !["planned", "setup"].includes(machine.reason?.kind),
  );
  return new Map(standing.map((machine) => [machine.job.number, { machine: machine.code, reason: machine.reason }]));
}

/** Keeps it while the screen is shown. */
export function useStopped() {
  useEffect(() => {
    const read = () =>
      get("/production/machines").then(
        (answer) => {
          stopped.value = byOrder(answer.items);
        },
        () => {}, // the orders are shown without it
      );
    const refresh = atMostEvery(OFTEN_MS, read);
    return listen(["machines"], { onSync: refresh, onEvent: refresh });
  }, []);
}

/** {tone, icon, label, why?} of an order; red while the machine that it runs on has stopped. */
export function stateOf(order) {
  const stop = order.state === "in_progress" && stopped.value.get(order.number);
  if (!stop) return orderDisplay(order.state);
  const label = t("order.stopped_at", { machine: stop.machine });
  return { tone: "stop", icon: "warning", label, why: stop.reason ? local(stop.reason.name) : "" };
}
