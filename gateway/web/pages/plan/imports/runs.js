// The imports of two services as one history.

/** Runs of several lists as one, the newest first, as far down as all of them have been read. Pure. */
export function merged(lists) {
  const depth = lists
    .filter((list) => list.next && list.items.length)
    .map((list) => list.items.at(-1).at)
    .sort()
    .at(-1);
  return lists
    .flatMap((list) => list.items)
    .filter((run) => !depth || run.at >= depth)
    .sort((a, b) => b.at.localeCompare(a.at));
}
