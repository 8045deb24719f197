// What became of a list: the longest common part stays, the rest went or came.

/**
 * [{kind: "same" | "gone" | "new", before?, after?}] in order; `equal(a, b)` decides.
 * @template T
 * @param {T[]} before
 * @param {T[]} after
 * @param {(a: T, b: T) => boolean} [equal]
 * @returns {{ kind: string, before?: T, after?: T }[]}
 */
export function diff(before, after, equal = (a, b) => a === b) {
  const [rows, columns] = [before.length, after.length];
  const longest = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1));
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      longest[row][column] = equal(before[row], after[column])
        ? longest[row + 1][column + 1] + 1
        : Math.max(longest[row + 1][column], longest[row][column + 1]);
    }
  }
  const steps = [];
  let [row, column] = [0, 0];
  while (row < rows || column < columns) {
    if (row < rows && column < columns && equal(before[row], after[column]))
      steps.push({ kind: "same", before: before[row++], after: after[column++] });
    else if (column === columns || (row < rows && longest[row + 1][column] >= longest[row][column + 1]))
      steps.push({ kind: "gone", before: before[row++] });
    else steps.push({ kind: "new", after: after[column++] });
  }
  return steps;
}

/**
 * The words of two texts with the blanks between them: [{kind, text}], neighbours of a kind together.
 * @param {string} before
 * @param {string} after
 * @returns {{ kind: string, text: string }[]}
 */
export function diffWords(before, after) {
  /**
   * @param {string} text
   * @returns {string[]}
   */
  const words = (text) => text.match(/\s+|[^\s]+/g) || [];
  /** @type {{ kind: string, text: string }[]} */
  const parts = [];
  for (const { kind, before: old, after: now } of diff(words(before), words(after))) {
    const text = now ?? old ?? "";
    const last = parts.at(-1);
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  }
  return parts;
}

/**
 * As diff, but what went and what came at the same place stands together as {kind: "changed"}.
 * @template T
 * @param {T[]} before
 * @param {T[]} after
 * @param {(a: T, b: T) => boolean} [equal]
 * @returns {{ kind: string, before?: T, after?: T }[]}
 */
export function diffPairs(before, after, equal) {
  const pairs = [];
  /** @type {T[]} */
  let gone = [];
  /** @type {T[]} */
  let come = [];
  const flush = () => {
    while (gone.length && come.length) pairs.push({ kind: "changed", before: gone.shift(), after: come.shift() });
    pairs.push(
      ...gone.map((one) => ({ kind: "gone", before: one })),
      ...come.map((one) => ({ kind: "new", after: one })),
    );
    gone = [];
    come = [];
  };
  for (const step of diff(before, after, equal)) {
    if (step.kind === "gone") gone.push(/** @type {T} */ (step.before));
    else if (step.kind === "new") come.push(/** @type {T} */ (step.after));
    else {
      flush();
      pairs.push(step);
    }
  }
  flush();
  return pairs;
}
