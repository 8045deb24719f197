// The camera as a scanner: the browser's own detector where there is one (it reads bars, too), else QR codes by a
// decoder that comes along.
const EVERY_MS = 150;
const WIDEST = 960; // pixels: enough for a label at arm's length
const PATIENCE_MS = 3000; // before a person is told that this kind of code cannot be read

/** A code is there, and of a kind that this decoder does not know: with its character set named, or in Kanji mode. */
class UnreadableCode extends Error {}

/** True where a camera can be asked for; plain HTTP has none. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

/** @returns {Promise<(video: HTMLVideoElement) => Promise<string | null>>} */
async function reader() {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector;
  if (Detector && (await Detector.getSupportedFormats()).includes("qr_code")) {
    const detector = new Detector();
    return async (video) => (await detector.detect(video))[0]?.rawValue ?? null;
  }
  const { default: decode } = await import("/vendor/qr-decode.mjs");
  const canvas = document.createElement("canvas");
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  return async (video) => {
    const scale = Math.min(1, WIDEST / video.videoWidth);
    canvas.width = Math.round(video.videoWidth * scale);
    canvas.height = Math.round(video.videoHeight * scale);
    pen.drawImage(video, 0, 0, canvas.width, canvas.height);
    try {
      return decode({
        width: canvas.width,
        height: canvas.height,
        data: pen.getImageData(0, 0, canvas.width, canvas.height).data,
      });
    } catch (error) {
      if (/Unknown mode=(eci|kanji)/.test(String(error))) throw new UnreadableCode();
      return null; // no code in this picture
    }
  };
}

/**
 * Shows the camera in `video` and calls `onCode(text)` for the first code it sees; `onUnreadable()` when it has seen
 * one for some seconds that it cannot read, and looks on. Returns a function that ends it. Throws when there is no
 * camera, or it may not be used.
 * @param {HTMLVideoElement} video
 * @param {(text: string) => void} onCode
 * @param {() => void} onUnreadable
 * @returns {Promise<() => void>}
 */
export async function watch(video, onCode, onUnreadable) {
  const stream = await navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 } },
    audio: false,
  });
  let over = false;
  /** @type {number | null} */
  let since = null; // when the first code was seen that cannot be read
  const end = () => {
    over = true;
    for (const track of stream.getTracks()) track.stop();
  };
  video.srcObject = stream;
  const [read] = await Promise.all([reader(), video.play()]);
  /** @param {unknown} error */
  const missed = (error) => {
    if (error instanceof UnreadableCode) {
      since ??= Date.now();
      if (Date.now() - since > PATIENCE_MS) onUnreadable();
    }
    return null;
  };
  const scan = async () => {
    if (over) return;
    const text = video.videoWidth ? await read(video).catch(missed) : null;
    if (text && !over) {
      end();
      onCode(text);
    } else setTimeout(scan, EVERY_MS);
  };
  scan();
  return end;
}
