// A document that somebody edits. The draft is stored in this browser until the server has it: a lost network, a reload
// or a wrong click loses nothing, and nobody overwrites the changes that somebody else made meanwhile.
import { useEffect, useRef, useState } from "/js/lib/html.js";
import { untilAnswered, useAction } from "/js/lib/action.js";
import { withPresentNames } from "/js/lib/former-names.js";
import { me } from "/js/lib/session.js";
import { recall, remember } from "/js/lib/store.js";

/** Stands for the ETag of a document that is not there yet, and must not be when it is written. */
export const NEW = "*";

/**
 * @param {string} _
 * @param {any} value
 */
const sorted = (_, value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
/**
 * True when two values hold the same.
 * @param {any} a
 * @param {any} b
 */
export const same = (a, b) => JSON.stringify(a, sorted) === JSON.stringify(b, sorted);

/**
 * The key of a person's own draft of a document: whoever signs in next does not find it.
 * @param {string} name
 */
export const draftKey = (name) => `draft.${me.value?.person}.${name}`;

/** The drafts typed since the page was loaded, which are no news to anybody. */
const typedHere = new Set();
/** @type {DraftState} */
const BLANK = {
  form: undefined,
  base: undefined,
  data: undefined,
  etag: null,
  draftedAt: null,
  isStale: false,
  conflict: null,
  error: null,
};

/**
 * `kind`: {name, read() → {data, etag}, write(body, etag) → {data, etag}, toForm(data), toBody(form)}; `name` is the
 * document's own, as "item.HB1001".
 * Returns {form, set(change), isDirty, isStale, draftedAt, conflict, error, load, save, resume, discard, settle};
 * `form` is undefined while it loads.
 * A draft found from before is in the form at once, with `draftedAt`: `resume()` goes on with it, `discard()` throws it
 * away.
 * When somebody else was faster, `conflict` is {base, mine, theirs}; `settle(form)` saves what the person chose.
 * @param {DocumentKind} kind
 * @param {{ saved?: (data: any) => void }} [options]
 */
export function useDocument(kind, { saved } = {}) {
  const key = draftKey(kind.name);
  const box = useRef({ key, ...BLANK });
  const [, draw] = useState(0);
  const newest = useRef(kind);
  newest.current = kind;
  /** @param {Partial<DraftState>} patch */
  const change = (patch) => {
    box.current = { ...box.current, ...patch };
    draw((count) => count + 1);
  };
  /** @param {Answered} answered */
  const take = ({ data, etag }) => {
    remember(key, null);
    const form = newest.current.toForm(data);
    change({ ...BLANK, form, base: form, data, etag });
  };
  /** @param {Pick<DraftState, "form" | "base">} versions */
  const differs = ({ form, base }) =>
    form !== undefined && !same(newest.current.toBody(form), newest.current.toBody(base));

  const load = async () => {
    try {
      const { data, etag } = await newest.current.read();
      if (box.current.key !== key) return;
      const form = newest.current.toForm(data);
      const draft = box.current.form === undefined ? withPresentNames(recall(key)) : null;
      if (draft && differs({ form: draft.form, base: form }))
        change({
          ...BLANK,
          data,
          form: draft.form,
          base: draft.etag === etag ? form : draft.base,
          etag: draft.etag,
          draftedAt: typedHere.has(key) ? null : draft.at,
          isStale: draft.etag !== etag,
        });
      else if (differs(box.current)) change({ isStale: etag !== box.current.etag, error: null });
      else take({ data, etag });
    } catch (error) {
      change({ error });
    }
  };
  useEffect(() => {
    box.current = { key, ...BLANK };
    draw((count) => count + 1);
    load();
  }, [key]);

  /** @param {any} next a form, its changed part, or a function from form to form */
  const set = (next) => {
    const { form, base, etag } = box.current;
    const now = typeof next === "function" ? next(form) : { ...form, ...next };
    typedHere.add(key);
    remember(key, differs({ form: now, base }) ? { at: new Date().toISOString(), etag, base, form: now } : null);
    change({ form: now, draftedAt: null });
  };
  /** Somebody was faster; or it was this person's own write, whose answer was lost on the way. */
  const meet = async () => {
    const { data, etag } = await untilAnswered(() => newest.current.read());
    const theirs = newest.current.toForm(data);
    const { form: mine, base } = box.current;
    if (differs({ form: mine, base: theirs })) {
      change({ conflict: { base, mine, theirs, etag, data } });
      return;
    }
    take({ data, etag });
    saved?.(data);
  };
  const save = useAction(() => newest.current.write(newest.current.toBody(box.current.form), box.current.etag), {
    done: (answer) => {
      take(answer);
      saved?.(answer.data);
    },
    failed: (problem) => problem.status === 412 && meet(),
  });
  const discard = () => {
    remember(key, null);
    save.forget();
    const { base, isStale } = box.current;
    change({ form: isStale ? undefined : base, draftedAt: null, isStale: false, conflict: null });
    if (isStale) load();
  };
  /** @param {any} form */
  const settle = (form) => {
    const { conflict } = box.current;
    if (!conflict) return;
    change({
      form,
      base: conflict.theirs,
      data: conflict.data,
      etag: conflict.etag,
      isStale: false,
      conflict: null,
      draftedAt: null,
    });
    remember(key, { at: new Date().toISOString(), etag: conflict.etag, base: conflict.theirs, form });
    save.go();
  };
  const { form, base, data, draftedAt, isStale, conflict, error } = box.current;
  const isCurrent = box.current.key === key;
  return {
    form: isCurrent ? form : undefined,
    base,
    data,
    error,
    conflict,
    draftedAt,
    isStale,
    isDirty: differs({ form, base }),
    load,
    save,
    set,
    resume: () => change({ draftedAt: null }),
    discard,
    settle,
    later: () => change({ conflict: null, isStale: true }),
  };
}

/**
 * True when a draft of this document is stored in this browser.
 * @param {string} name
 */
export const hasDraft = (name) => recall(draftKey(name)) !== null;
