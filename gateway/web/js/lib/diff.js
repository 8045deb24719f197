// What became of a list: the longest common part stays, the rest went or came.

/** [{kind: "same" | "gone" | "new", before?, after?}] in order; `equal(a, b)` decides. */
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

/** The words of two texts with the blanks between them: [{kind, text}], neighbours of a kind together. */
export function diffWords(before, after) {
  const words = (text) => text.match(/\s+|[^\s]+/g) || [];
  const parts = [];
  for (const { kind, before: old, after: now } of diff(words(before), words(after))) {
    const text = now ?? old;
    if (parts.at(-1)?.kind === kind) parts.at(-1).text += text;
    else parts.push({ kind, text });
  }
  return parts;
}

/** As diff, but what went and what came at the same place stands together as {kind: "changed"}. */
export function diffPairs(before, after, equal) {
  const pairs = [];
  let [gone, come] = [[], []];
  const flush = () => {
    while (gone.length && come.length) pairs.push({ kind: "changed", before: gone.shift(), after: come.shift() });
    pairs.push(
      ...gone.map((one) => ({ kind: "gone", before: one })),
      ...come.map((one) => ({ kind: "new", after: one })),
    );
    [gone, come] = [[], []];
  };
  for (const step of diff(before, after, equal)) {
    if (step.kind === "gone") gone.push(step.before);
    else if (step.kind === "new") come.push(step.after);
    else {
      flush();
      pairs.push(step);
    }
  }
  flush();
  return pairs;
}
