// A new build: taken at the next page change, or when nobody touches the screen. A running screen never mixes the files of two builds.
import { sending } from "/js/lib/api.js";

const CHECK_MS = 10 * 60000;
const QUIET_MS = 60000;
let stale = false;
let touched = Date.now();

/** True when another build has taken over since this page was loaded. */
export const isStale = () => stale;

function whenQuiet() {
  const busy = sending.value > 0 || document.querySelector("dialog[open]") || Date.now() - touched < QUIET_MS;
  if (stale && !busy) location.reload();
}

/** Registers the service worker and keeps looking for new builds. */
export function startUpdates() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const workers = navigator.serviceWorker;
  const first = !workers.controller;
  let claimed = !first;
  workers.addEventListener("controllerchange", () => {
    if (claimed) stale = true;
    claimed = true;
  });
  addEventListener("pointerdown", () => (touched = Date.now()), { passive: true });
  addEventListener("keydown", () => (touched = Date.now()), { passive: true });
  setInterval(whenQuiet, 5000);
  workers.register("/sw.js").then(
    (registration) => setInterval(() => registration.update().catch(() => {}), CHECK_MS),
    () => {}, // without a worker the app works, it only needs the network to start
  );
}
