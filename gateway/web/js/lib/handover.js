// Notes for the next shift: what tablets and the office say of them alike.
import { keysByText, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { me } from "/js/lib/session.js";

const PHRASES = ["nothing", "tool", "material", "noise", "quality"];

/** Ready phrases, so that a note needs no keyboard. */
export const phrases = () => PHRASES.map((name) => t(`handover_phrase.${name}`));

/** `read(note)`: its ready phrases in the reader's language, everything else as it was written. */
export function useReadNotes() {
  const keys = useResource(() => keysByText("handover_phrase."));
  return (/** @type {string} */ note) =>
    note
      .split("\n")
      .map((line) => {
        const name = keys.data?.get(line.trim())?.slice("handover_phrase.".length);
        return name ? t(`handover_phrase.${name}`) : line;
      })
      .join("\n");
}

/**
 * Notes of others that this person has not read.
 * @param {HandoverNote[]} notes
 */
export const unreadOf = (notes) =>
  notes.filter(
    (note) => note.person !== me.value?.person && !note.read_by.some((one) => one.person === me.value?.person),
  );
