// Short sounds for those who do not look: recorded, and stopped. Made here, so that nothing has to be loaded.
import { signal } from "/js/lib/html.js";
import { recall, remember } from "/js/lib/store.js";

/** True while this tablet makes sounds. */
export const sounds = signal(recall("sounds") !== false);
sounds.subscribe((on) => remember("sounds", on ? null : false));

/** @type {Record<"done" | "stop", number[][]>} */
const TUNES = {
  done: [[880, 0, 0.07]],
  stop: [
    [220, 0, 0.18],
    [180, 0.22, 0.3],
  ],
};
/** @type {AudioContext | null} */
let context = null;

/**
 * name: done | stop.
 * @param {"done" | "stop"} name
 */
export function play(name) {
  if (!sounds.value || !globalThis.AudioContext) return;
  context ??= new AudioContext();
  context.resume().catch(() => {}); // a page that nobody has touched yet stays silent
  for (const [hertz, after, seconds] of TUNES[name]) {
    const begins = context.currentTime + after;
    const tone = new OscillatorNode(context, { frequency: hertz, type: name === "stop" ? "square" : "sine" });
    const loudness = new GainNode(context, { gain: 0.25 });
    loudness.gain.setTargetAtTime(0, begins + seconds * 0.7, 0.02);
    tone.connect(loudness).connect(context.destination);
    tone.start(begins);
    tone.stop(begins + seconds);
  }
}
