// A new build: fetched beside the running one, taken at the next page change or when nobody touches the screen. A
// running screen never mixes the files of two builds.
import { sending, token } from "/js/lib/api.js";
import { depth } from "/js/floor/queue.js";
import { mayUpdate } from "/js/floor/update-policy.js";

const CHECK_MS = 10 * 60000;
const RETRY_MS = 5000;
const SETTLED_MS = 5000; // by then the first screen is there
/** @type {ServiceWorkerRegistration | null} */
let registration = null;
/** @type {number | null} */
let waitingSince = null;
let replaced = false;
let touched = Date.now();

const busy = () =>
  sending.value > 0 ||
  Boolean(document.querySelector("dialog[open]")) ||
  document.activeElement?.matches?.("input:not([inputmode=none]), textarea") === true;
const isWaiting = () => Boolean(registration?.waiting);

/** True when another build waits, or has taken over since this page was loaded. */
export const isStale = () => replaced || (isWaiting() && depth.value === 0);

/**
 * Goes to a page with the new build.
 * @param {string} url
 */
export function renew(url) {
  const go = () => location.assign(url);
  if (!isWaiting()) return go();
  navigator.serviceWorker.addEventListener("controllerchange", go, { once: true });
  return registration?.waiting?.postMessage("take over");
}

function check() {
  if (isWaiting()) waitingSince ??= Date.now();
  if (!replaced && !isWaiting()) return;
  const now = Date.now();
  if (
    mayUpdate({
      busy: busy(),
      depth: depth.value,
      quiet: now - touched,
      age: now - (waitingSince ?? now),
      changing: !token.value,
    })
  )
    renew(location.href);
}

/** A first visit may miss a file of a weak network: without a worker the app works, but needs the network to start. */
async function register() {
  try {
    registration = await navigator.serviceWorker.register("/sw.js");
  } catch {
    registration = null;
  }
}

/** Registers the service worker, until it is there, and keeps looking for new builds. */
export async function startUpdates() {
  if (!("serviceWorker" in navigator) || !isSecureContext) return;
  const workers = navigator.serviceWorker;
  let first = !workers.controller;
  workers.addEventListener("controllerchange", () => {
    replaced = !first;
    first = false;
  });
  addEventListener("pointerdown", () => (touched = Date.now()), { passive: true });
  addEventListener("keydown", () => (touched = Date.now()), { passive: true });
  await register();
  const retry = setInterval(() => {
    if (registration?.active) clearInterval(retry);
    else if (!registration?.installing && !registration?.waiting) register();
  }, RETRY_MS);
  // a page that was loading while the worker took over the open ones is none of them
  workers.ready.then(({ active }) => workers.controller ?? active?.postMessage("take this page"));
  const storeRest = () => setTimeout(() => registration?.active?.postMessage("store the rest"), SETTLED_MS);
  workers.ready.then(storeRest);
  addEventListener("online", storeRest);
  setInterval(check, 2000);
  setInterval(() => registration?.update().catch(() => {}), CHECK_MS);
}
