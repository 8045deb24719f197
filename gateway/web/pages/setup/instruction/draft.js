// What a person has written and not saved yet: kept in this browser, so that neither a dead network nor a reload loses
// it.
import { useEffect, useState } from "/js/lib/html.js";
import { draftKey, same } from "/js/lib/draft.js";
import { recall, remember } from "/js/lib/store.js";

let next = 1;
const keyed = (page) => ({ ...page, key: next++ });
export const blankPage = () => keyed({ text: {}, media: null });

const trimmed = (text) =>
  Object.fromEntries(
    Object.entries(text)
      .map(([code, words]) => [code, words.trim()])
      .filter(([, words]) => words),
  );

/** The content as the API takes it. */
export const bodyOf = ({ title, item, op, pages }) => ({
  title: trimmed(title),
  item: item?.trim() || null,
  op: Number(op) || null,
  pages: pages.map(({ text, media }) => ({ text: trimmed(text), media })),
});

const alike = (a, b) => same(bodyOf(a), bodyOf(b));
const contentOf = ({ title, item, op, pages }) => ({ title, item, op, pages: pages.map(keyed) });

/**
 * The draft of an instruction over what is `saved`: {content, change(update), dirty, restored, conflict, etag,
 * discard(), keepMine(), adopt(answer)}.
 * `conflict`: somebody saved meanwhile, and this draft differs from it. `restored`: it was written before this visit.
 */
export function useDraft(code, saved) {
  const place = draftKey(`instruction.${code}`);
  const [state, setState] = useState(null);
  const fresh = (document_, more = {}) => ({
    content: contentOf(document_),
    base: document_.version,
    dirty: false,
    restored: false,
    conflict: false,
    ...more,
  });
  // Kept with the key stroke itself, not after the next drawing: a page may be gone by then.
  const go = (step) =>
    setState((now) => {
      const after = step(now);
      if (after !== now) remember(place, after.dirty ? { ...after.content, base: after.base } : null);
      return after;
    });

  useEffect(() => {
    if (!saved) return;
    go((now) => {
      if (!now) {
        const left = recall(place);
        if (!left || alike(left, saved)) return fresh(saved);
        return fresh(saved, {
          content: contentOf(left),
          base: left.base,
          dirty: true,
          restored: true,
          conflict: left.base !== saved.version,
        });
      }
      if (now.base === saved.version) return now;
      if (!now.dirty || alike(now.content, saved)) return fresh(saved);
      return { ...now, conflict: true };
    });
  }, [saved?.version]);

  const change = (update) =>
    go((now) => {
      const content = { ...now.content, ...(typeof update === "function" ? update(now.content) : update) };
      return { ...now, content, dirty: now.conflict || !alike(content, saved), restored: false };
    });
  const adopt = (answer) =>
    go((now) => {
      const kept = fresh(answer);
      kept.content.pages.forEach((page, at) => {
        page.key = now.content.pages[at]?.key ?? page.key;
      });
      return kept;
    });
  return {
    ...(state || { content: null, dirty: false }),
    etag: state && `"${state.base}"`,
    change,
    adopt,
    discard: () => go(() => fresh(saved)),
    keepMine: () => go((now) => ({ ...now, base: saved.version, conflict: false, restored: false })),
  };
}
