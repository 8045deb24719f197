// The calls and handover notes of a machine: what the server last said, with what was touched since.
import { get } from "/js/lib/api.js";
import { readOrCached } from "/js/floor/cache.js";
import { commands, counts } from "/js/floor/queue.js";
import { useResource } from "/js/lib/resource.js";

const readNotes = (machine) =>
  readOrCached(`notes/${machine}`, async () => {
    const [calls, notes] = await Promise.all([
      get("/production/andon-calls", { state: "open,acknowledged" }),
      get(`/production/machines/${encodeURIComponent(machine)}/handovers`, { limit: 5 }),
    ]);
    return {
      calls: calls.items.filter((call) => call.machine === machine),
      notes: notes.items,
      at: new Date().toISOString(),
    };
  });

/** What was read, with {calls, notes}. */
export function useNotes(machine) {
  const read = useResource(() => readNotes(machine), [machine], { auto: false });
  const known = read.data ?? { calls: [], notes: [], at: "" };
  const ids = new Set(known.notes.map((note) => note.id));
  const mine = commands.value.filter((command) => command.machine === machine && counts(command));
  const sent = (command) => ["done", "flagged"].includes(command.state);
  const calls = mine
    .filter(
      (command) =>
        command.kind === "andon" &&
        !(sent(command) && command.settled < known.at) &&
        !known.calls.some((call) => call.kind === command.body.kind),
    )
    .map((command) => ({ kind: command.body.kind, state: "open", at: command.at }));
  const written = mine
    .filter((command) => command.kind === "handover" && !ids.has(command.answer?.id))
    .map((command) => ({
      id: command.id,
      note: command.body.note,
      person: command.person,
      at: command.at,
      read_by: [],
    }));
  const notes = known.notes.map((note) => {
    const readers = mine
      .filter((command) => command.kind === "read" && command.note === note.id)
      .map(({ person, at }) => ({ person, at }));
    return { ...note, read_by: [...note.read_by, ...readers] };
  });
  return { ...read, calls: [...known.calls, ...calls], notes: [...written.reverse(), ...notes] };
}
