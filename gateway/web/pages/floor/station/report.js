// What is being typed: good pieces, rework, and scrap by defect, kept in the browser until it is recorded, for the job
// that it was typed for. Quantities are texts, as they stand on the screen.
import { useState } from "/js/lib/html.js";
import { recall, remember } from "/js/lib/store.js";
import { asTyped, exact, keyed } from "/js/lib/units.js";

const EMPTY = { good: "", scrap: {}, rework: "", rework_op: null, item: null };

/** Pieces of a draft's scrap, all defects together. */
export const scrapOf = (draft) =>
  exact(Object.values(draft.scrap).reduce((sum, quantity) => sum + Number(quantity || 0), 0));
/** The pieces that a draft stands for. */
export const piecesOf = (draft) => ({
  good: Number(draft.good || 0),
  scrap: scrapOf(draft),
  rework: Number(draft.rework || 0),
});

/** The body of the report that a draft stands for. */
export function bodyOf(draft) {
  const scrap = Object.entries(draft.scrap)
    .map(([defect, quantity]) => ({ defect, quantity: Number(quantity || 0) }))
    .filter(({ quantity }) => quantity > 0);
  const { good, rework } = piecesOf(draft);
  const again = rework ? { rework, ...(draft.rework_op ? { rework_op: draft.rework_op } : {}) } : {};
  return { good, scrap, ...again };
}

/** The draft that a report's body was made from. */
export const draftOf = ({ good, scrap, rework, rework_op: op }) => ({
  ...EMPTY,
  good: good ? String(good) : "",
  scrap: Object.fromEntries(scrap.map((entry) => [entry.defect, String(entry.quantity)])),
  rework: rework ? String(rework) : "",
  rework_op: op ?? null,
});

/** Where the keypad writes: "good", "rework", a defect's code, or "scrap" until one is chosen. */
export const isDefect = (target) => !["good", "rework", "scrap"].includes(target);

/** The quantity at a target. */
export const quantityAt = (draft, target) =>
  isDefect(target) ? (draft.scrap[target] ?? "") : target === "scrap" ? "" : draft[target];

/** The draft with another quantity at a target. */
export const withQuantity = (draft, target, text) =>
  isDefect(target) ? { ...draft, scrap: { ...draft.scrap, [target]: text } } : { ...draft, [target]: text };

/** The draft with so many more at a target; never less than nothing. */
export function withMore(draft, target, more) {
  const next = Math.max(0, exact(Number(quantityAt(draft, target) || 0) + more));
  return asTyped(String(next), 6) === null ? draft : withQuantity(draft, target, next ? String(next) : "");
}

/** The draft after a key; a `fresh` target begins anew, as a calculator does. */
export function withKey(draft, target, key, { decimals, fresh }) {
  const before = fresh && key !== "back" ? "" : quantityAt(draft, target);
  return withQuantity(draft, target, key === "clear" ? "" : keyed(before, key, decimals));
}

/** {draft, setDraft, clear} of one machine. */
export function useDraftReport(machine, job) {
  const place = `draft.${machine}`;
  const [typed, change] = useState(() => recall(place) || EMPTY);
  const set = (next) => {
    change(next);
    remember(place, next === EMPTY ? null : next);
  };
  return {
    draft: typed.job === job ? { ...EMPTY, ...typed } : EMPTY,
    setDraft: (next) => set({ ...next, job }),
    clear: () => set(EMPTY),
  };
}
