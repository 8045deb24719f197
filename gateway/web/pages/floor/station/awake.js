// A station's screen stays on while it is shown, and signs out whoever has left it, where the tablet says so. What was
// touched stays in the queue.
import { useEffect } from "/js/lib/html.js";
import { me, signOut } from "/js/lib/session.js";
import { idleMinutes } from "/pages/floor/station/display.js";

const LOOK_MS = 5000;
const TOUCHES = ["pointerdown", "keydown"];

/** Keeps the screen on where the browser can (over HTTPS alone); it lets go whenever the page is not seen. */
export function useAwake() {
  useEffect(() => {
    let lock = null;
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
  }, []);
}

/** Signs out after the tablet's minutes without a touch. */
export function useLeaving() {
  const minutes = me.value?.device ? (idleMinutes.value ?? 0) : 0;
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
