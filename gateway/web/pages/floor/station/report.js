// What is being typed: good pieces and scrap by defect, kept in the browser until it is recorded, for the job that it
// was typed for.
import { useState } from "/js/lib/html.js";
import { recall, remember } from "/js/lib/store.js";

const EMPTY = { good: "", scrap: {}, rework: 0, rework_op: null };

/** Pieces of a draft's scrap, all defects together. */
export const scrapOf = (draft) => Object.values(draft.scrap).reduce((sum, quantity) => sum + Number(quantity), 0);

/** The body of the report that a draft stands for. */
export function bodyOf(draft) {
  const scrap = Object.entries(draft.scrap)
    .filter(([, quantity]) => Number(quantity) > 0)
    .map(([defect, quantity]) => ({ defect, quantity: Number(quantity) }));
  const rework = Number(draft.rework)
    ? { rework: Number(draft.rework), ...(draft.rework_op ? { rework_op: draft.rework_op } : {}) }
    : {};
  return { good: Number(draft.good || 0), scrap, ...rework };
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
