// A tablet's screen stays on while somebody is signed in, and signs out whoever has left it, where the tablet says so.
// What was touched stays in the queue.
import { signal, useEffect } from "/js/lib/html.js";
import { page } from "/js/lib/router.js";
import { me, signOut } from "/js/lib/session.js";
import { recall, remember } from "/js/lib/store.js";

const LOOK_MS = 5000;
const TOUCHES = ["pointerdown", "keydown"];
/** Pages that are looked at from afar, on whatever they are shown. */
const WATCHED = ["station", "board"];
export const IDLE_MINUTES = [0, 2, 5, 10, 30];

/** After so many minutes without a touch the tablet signs out; 0 or null: never. Kept for the tablet. */
export const idleMinutes = signal(/** @type {number | null} */ (recall("idle")));
idleMinutes.subscribe((minutes) => remember("idle", minutes));

/**
 * Keeps the screen on where the browser can (over HTTPS alone); it lets go whenever the page is not seen.
 * @param {boolean} wanted
 */
function useAwake(wanted) {
  useEffect(() => {
    if (!wanted) return undefined;
    let lock = /** @type {WakeLockSentinel | null} */ (null);
    let gone = false;
    const hold = async () => {
      if (document.hidden || gone || !navigator.wakeLock || lock?.released === false) return;
      lock = await navigator.wakeLock.request("screen").catch(() => null); // a low battery says no
      if (gone) lock?.release();
    };
    hold();
    document.addEventListener("visibilitychange", hold);
    return () => {
      gone = true;
      document.removeEventListener("visibilitychange", hold);
      lock?.release();
    };
  }, [wanted]);
}

/** @param {number} minutes */
function useLeaving(minutes) {
  useEffect(() => {
    if (!minutes) return undefined;
    let touched = Date.now();
    const touch = () => (touched = Date.now());
    const look = setInterval(() => Date.now() - touched > minutes * 60000 && signOut(), LOOK_MS);
    for (const kind of TOUCHES) addEventListener(kind, touch, true);
    return () => {
      clearInterval(look);
      for (const kind of TOUCHES) removeEventListener(kind, touch, true);
    };
  }, [minutes]);
}

/** On every page alike: whoever leaves a tablet is not always at its machine's page. */
export function useTablet() {
  const isTablet = Boolean(me.value?.device);
  useAwake(Boolean(me.value) && (isTablet || WATCHED.includes(page.value?.id ?? "")));
  useLeaving(isTablet ? (idleMinutes.value ?? 0) : 0);
}
