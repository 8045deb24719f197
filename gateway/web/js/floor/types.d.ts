// Shapes of the floor's modules, for the type checker alone (infra/web/check.sh): never sent to a browser.
// What comes from the API is described as far as these modules read it.

/** A stretch of a machine's time; `to` is null while it lasts. Times are ISO 8601. */
interface Interval {
  from: string;
  to: string | null;
  state: string;
  reason: Reason | null;
  source?: string;
}
interface Machine {
  code: string;
  name?: Name;
  work_center?: string;
  state: string;
  since: string | null;
  reason: Reason | null;
  strip: Interval[];
  /** Pieces of this shift, as decimal strings. */
  good: string;
  scrap: string;
  job?: Job | null;
}
/** An operation of a released order. Quantities are decimal strings. */
interface Job {
  id: string;
  number: string;
  op: number;
  item: string;
  state: string;
  machine: string | null;
  phase?: string;
  good: string;
  scrap: string;
  rework: string;
  ready: string;
  planned: string;
  unit?: string;
  box_quantity?: string | null;
  /** Standard seconds for a piece. */
  cycle_s?: string;
  materials?: { component: string; quantity: string; alternates: { component: string; quantity: string }[] }[];
  due_at: string;
  predecessors?: number[];
  crew: { person: string; since: string }[];
  instruction?: string | null;
  instruction_revision?: number;
  pause_reason?: string | null;
  started_at?: string | null;
  finished_at?: string | null;
}
interface Station {
  machine: Machine;
  jobs: Job[];
}
/** Pieces that a command stands for; negative when it takes a report back. */
interface Pieces {
  good: number;
  scrap: number;
  rework: number;
}
type CommandState = "queued" | "sending" | "done" | "flagged" | "refused" | "review" | "undone" | "blocked";
/**
 * What an operator does, before the queue has written it down. `path` is null for a reversal: its result's id comes
 * later.
 */
interface NewCommand {
  kind: string;
  job: string | null;
  machine: string;
  path: string | null;
  body: any;
  number?: string;
  op?: number;
  item?: string;
  made?: Pieces;
  reason?: Reason | null;
  material?: string;
  note?: string;
  undoes?: string;
  /** Of a corrected stop: it is the present one; from when on the reason is another one. */
  lasts?: boolean;
  since?: string | null;
  person?: string;
  device?: string;
  /** Its operator waits for the answer: a refusal is shown, no leader is asked. */
  asks?: boolean;
}
interface Command extends NewCommand {
  seq: number;
  /** Also its Idempotency-Key. */
  id: string;
  state: CommandState;
  /** The tablet's time of the touch. */
  at: string;
  person: string;
  flags?: string[];
  answer?: { id?: string; review?: string; print?: string; why?: string | null } | null;
  problem?: PlainProblem | null;
  /** When the server settled it. */
  settled?: string;
  /** The Idempotency-Key with which the leaders get it. */
  review?: string;
}
/** A lot in stock, as advised for a job or consumed by it. */
interface StockLot {
  lot: string;
  item?: string;
  quantity?: string | null;
  remaining?: string;
  since?: string;
  state?: string;
  expires_on?: string | null;
}
interface Material {
  component: string;
  unit: string;
  needed: string;
  consumed: string;
  is_lot_tracked: boolean;
  /** What can be taken for it: the component and its alternates. */
  items: (string | undefined)[];
  lots: StockLot[];
  advice: StockLot[];
  [field: string]: any;
}
/** Somebody's clock-in and clock-out; null when nobody knows. */
interface Presence {
  came: string | null;
  went: string | null;
}
/** What the server last said of somebody's attendance; `asked` is when. */
interface Attendance {
  begins: string | null;
  ends: string | null;
  again_at?: string | null;
  asked: string;
}
/** Where the queue stands: the last command, those that the server does not have, whether one is on its way. */
interface Checkpoint {
  top: number;
  open: number[];
  busy: boolean;
}
/** What the server said, and what of the queue it holds: all up to `top` but for the `open` ones. */
interface Snapshot {
  station: Station;
  top: number;
  open: number[];
}
