// What waits on this page, put together. Pure.

/** Results with the same flags, the kind with the fewest first: what is rare is not lost among what is common. */
export function byFlags(results) {
  const groups = new Map();
  for (const result of results) {
    const flags = [...result.flags].sort();
    const group = groups.get(flags.join()) ?? { flags, results: [] };
    group.results.push(result);
    groups.set(flags.join(), group);
  }
  return [...groups.values()].sort((a, b) => a.results.length - b.results.length);
}

/** Where something waits, the most urgent first. */
export function firstWaiting({ open, unassigned, flagged, unread }) {
  const waiting = { queue: open, unassigned, flagged, handovers: unread };
  return Object.keys(waiting).find((name) => waiting[name].length) ?? "queue";
}
