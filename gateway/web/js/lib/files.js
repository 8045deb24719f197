// Files that a person drops onto the page or pastes into it.
import { useEffect, useRef, useState } from "/js/lib/html.js";

/** @param {DragEvent} event */
const carries = (event) => [...(event.dataTransfer?.types || [])].includes("Files");

/**
 * Calls `onFiles(files)` for files dropped anywhere or pasted, while `enabled`. Returns true while some hover.
 * @param {boolean} enabled
 * @param {(files: File[]) => void} onFiles
 */
export function useFiles(enabled, onFiles) {
  const [over, setOver] = useState(false);
  const newest = useRef(onFiles);
  newest.current = onFiles;
  useEffect(() => {
    if (!enabled) return undefined;
    /** @param {DragEvent} event */
    const leaving = (event) => !event.relatedTarget && setOver(false);
    /** @param {DragEvent} event */
    const hover = (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    /** @param {DragEvent} event */
    const drop = (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(false);
      newest.current([...(event.dataTransfer?.files ?? [])]);
    };
    /** @param {ClipboardEvent} event */
    const paste = (event) => {
      const files = [...(event.clipboardData?.files || [])];
      if (!files.length) return;
      event.preventDefault();
      newest.current(files);
    };
    /** @type {Record<string, (event: any) => void>} */
    const on = { dragenter: hover, dragover: hover, dragleave: leaving, drop, paste };
    for (const [name, run] of Object.entries(on)) addEventListener(name, run);
    return () => {
      for (const [name, run] of Object.entries(on)) removeEventListener(name, run);
    };
  }, [enabled]);
  return over;
}
