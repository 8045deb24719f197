// Notes for the next shift: what tablets and the office say of them alike.
import { t } from "/js/lib/i18n.js";
import { me } from "/js/lib/session.js";

/** Ready phrases, so that a note needs no keyboard. */
export const phrases = () => [
  t("handover.nothing"),
  t("handover.tool"),
  t("handover.material"),
  t("handover.noise"),
  t("handover.quality"),
];

/**
 * Notes of others that this person has not read.
 * @param {HandoverNote[]} notes
 */
export const unreadOf = (notes) =>
  notes.filter(
    (note) => note.person !== me.value?.person && !note.read_by.some((one) => one.person === me.value?.person),
  );
