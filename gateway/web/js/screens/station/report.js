// Reporting pieces: one report at a time, kept in the browser until the server has answered, so that neither a reload nor a dead network loses or doubles it.
import { useEffect, useRef, useState } from "/js/lib/html.js";
import { untilAnswered } from "/js/lib/action.js";
import { post, uuid } from "/js/lib/api.js";
import { recall, remember } from "/js/lib/store.js";

const UNDO_MS = 10000;
const EMPTY = { good: "", scrap: {} };

/** Pieces of a draft's scrap, all defects together. */
export const scrapOf = (draft) => Object.values(draft.scrap).reduce((sum, quantity) => sum + quantity, 0);

/** The body of the report that a draft stands for. */
export function bodyOf(draft, machine) {
  const scrap = Object.entries(draft.scrap).filter(([, quantity]) => quantity > 0).map(([defect, quantity]) => ({ defect, quantity }));
  return { good: Number(draft.good || 0), scrap, machine };
}

/**
 * The report of one machine; the draft belongs to the job it was typed for. {draft, setDraft, send(job, body), undo(), busy, waiting, problem, last}. `last` is {id, good, scrap, until} for the ten seconds in which it can be taken back.
 * `onAnswer(job)` gets the job's new totals.
 */
export function useReport(machine, job, { onAnswer, onProblem, undoReason }) {
  const place = `report.${machine}`;
  const [typed, changeTyped] = useState(() => recall(`draft.${machine}`) || EMPTY);
  const [state, setState] = useState({ busy: false, waiting: false, problem: null });
  const [last, setLast] = useState(null);
  const running = useRef(false);

  const draft = typed.job === job ? typed : EMPTY;
  const setDraft = (next) => {
    changeTyped({ ...next, job });
    remember(`draft.${machine}`, next === EMPTY ? null : { ...next, job });
    setState((now) => ({ ...now, problem: null }));
  };

  async function deliver(call, done) {
    if (running.current) return false;
    running.current = true;
    setState({ busy: true, waiting: false, problem: null });
    let problem = null;
    try {
      done(await untilAnswered(call.send, (waiting) => setState({ busy: true, waiting, problem: null }), call.key));
    } catch (error) {
      problem = error;
      onProblem(error);
    }
    remember(place, null);
    running.current = false;
    setState({ busy: false, waiting: false, problem });
    return !problem;
  }

  /** `typed`: it stands in the draft, which is done with once it is recorded, also when the page was loaded anew in between. */
  function send(on, body, { key = uuid(), typed: fromDraft = false } = {}) {
    if (running.current) return Promise.resolve(false);
    remember(place, { job: on, body, key, typed: fromDraft });
    navigator.vibrate?.(15);
    return deliver({ key, send: (again) => post(`/production/jobs/${on}/results`, body, { key: again }) }, (answer) => {
      if (fromDraft) setDraft(EMPTY);
      setLast({ id: answer.id, good: Number(body.good), scrap: body.scrap.reduce((sum, one) => sum + Number(one.quantity), 0), until: Date.now() + UNDO_MS });
      onAnswer(answer.job);
    });
  }

  const undo = () => deliver({ send: (key) => post(`/production/results/${last.id}/reverse`, { reason: undoReason() }, { key }) }, (answer) => {
    setLast(null);
    onAnswer(answer.job);
  });

  useEffect(() => {
    const left = recall(place);
    if (left) send(left.job, left.body, left);
  }, []);
  useEffect(() => {
    if (!last) return undefined;
    const timer = setTimeout(() => setLast(null), Math.max(0, last.until - Date.now()));
    return () => clearTimeout(timer);
  }, [last]);

  return { draft, setDraft, send, undo, last, ...state };
}
