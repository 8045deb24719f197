// Shapes that several modules of the web app share, for the type checker alone (infra/web/check.sh): never sent to a
// browser. What comes from the API is described as far as these modules read it.

type View = import("preact").ComponentChildren;
type Signal<T> = import("@preact/signals").Signal<T>;

/** Any other attribute of a component's element. */
interface Attributes {
  class?: string;
  children?: any;
  [attribute: string]: any;
}

type Tone = "" | "run" | "setup" | "stop" | "warn" | "idle" | "brand" | "primary" | "danger";
/** A name in several languages, or in one. */
type Name = string | Record<string, string | undefined> | null | undefined;
/** How a state is shown. */
interface Display {
  tone: string;
  icon?: string;
  dot?: boolean;
  label: string;
}
interface Option {
  value: string;
  label: string;
  tone?: string;
  count?: any;
  note?: View;
  testid?: string;
}

/** A reason of the shop's list. */
interface Reason {
  code: string;
  kind: string;
  name: Name;
  active?: boolean;
}
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
interface PlainProblem {
  status: number;
  code: string;
  detail?: string;
  errors?: FieldError[];
}
interface FieldError {
  field: string;
  message: string;
}
/** A lot in stock, as advised for a job or consumed by it. */
interface StockLot {
  lot: string;
  item?: string;
  quantity?: string | null;
  since?: string;
  state?: string;
  expires_on?: string | null;
}
interface Material {
  component: string;
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
interface Defect {
  code: string;
  name: Name;
  picture?: string | null;
}
/** What GET /me says; `offline` while somebody is only known to this tablet. */
interface Me {
  person: string;
  name: Name;
  roles: string[];
  languages: string[];
  device?: { machine?: string | null; [field: string]: any } | null;
  site?: any;
  offline?: boolean;
  [field: string]: any;
}
/** What GET /site says. */
interface Site {
  code: string;
  name: Name;
  timezone: string;
  needs_setup: boolean;
  version: string;
}
interface Label {
  id: string;
  prints: { state: string; printer?: string }[];
  error?: { detail: string } | null;
  [field: string]: any;
}
interface HandoverNote {
  id: string;
  person: string;
  read_by: { person: string }[];
  [field: string]: any;
}

interface RequestOptions {
  query?: Record<string, any>;
  body?: any;
  form?: FormData;
  /** The Idempotency-Key. */
  key?: string;
  /** For If-Match. */
  etag?: string | null;
  blob?: boolean;
  /** Replaces the session's token; null: none. */
  bearer?: string | null;
  signal?: AbortSignal;
  keepalive?: boolean;
}

/** A field of a document, described as data. */
interface FieldSpec {
  name: string;
  type: string;
  /** The catalogue that it refers to. */
  of?: string;
  /** Of a choice. */
  options: () => Option[];
  /** Of an object, or of each row. */
  fields: FieldSpec[];
  needed?: boolean;
  when?: (form: any) => boolean;
  among?: (entry: any) => boolean;
  /** What a new document begins with, and what stands for an empty field in the API. */
  start?: any;
  empty?: any;
  hint?: boolean;
  wide?: boolean;
}
/** A document as lines that can be compared. */
interface Line {
  key: string;
  label: string;
  text: string;
  value?: any;
}
interface Difference {
  key: string;
  label: string;
  before?: Line;
  after?: Line;
}

interface Column<Row = any> {
  key: string;
  label: View;
  render: (row: Row) => View;
  align?: string;
  class?: string;
  /** What a table sorts by; of a long table, `sortable` asks the page to. */
  sort?: (row: Row) => any;
  sortable?: boolean;
  /** Stands in a last line. */
  total?: View;
}
interface Sort {
  key: string;
  down: boolean;
}

type Credentials = { login?: string; password?: string; person?: string; pin?: string; badge?: string };
interface Answered {
  data: any;
  etag: string | null;
}
/** How a kind of document is read, written, and shown in a form. */
interface DocumentKind {
  /** The document's own, as "item.HB1001". */
  name: string;
  read: () => Promise<Answered>;
  write: (body: any, etag: string | null) => Promise<Answered>;
  toForm: (data: any) => any;
  toBody: (form: any) => any;
}
interface DraftState {
  key?: string;
  form: any;
  base: any;
  data: any;
  etag: string | null;
  /** When it was typed, of a draft found from before. */
  draftedAt: string | null;
  isStale: boolean;
  conflict: { base: any; mine: any; theirs: any; etag: string | null; data: any } | null;
  error: unknown;
}
type Draft = ReturnType<typeof import("/js/lib/draft.js").useDocument>;
/** An action as a screen sees it. */
interface Action {
  busy: boolean;
  waiting: boolean;
  problem: any;
  go: (...args: any[]) => Promise<any>;
  forget: () => void;
}
type Appearance = Omit<Display, "label">;
interface FieldType {
  form: (value: any, field: FieldSpec) => any;
  body: (value: any, field: FieldSpec) => any;
  text: (value: any, field: FieldSpec) => string;
  filled?: (value: any, field: FieldSpec) => boolean;
}
interface LiveMessage {
  id: string | null;
  event: string;
  data: string;
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
interface ControlProps {
  field: FieldSpec;
  value: any;
  onChange: (value: any) => void;
  error?: string;
  errorOf: (name: string) => string | undefined;
  disabled?: boolean;
}
interface RowProps {
  row: any;
  index: number;
  id: string;
  columns: Column[];
  picked: boolean;
  active: boolean;
  current: boolean;
  selectable: boolean;
  height: number;
  level?: number;
}
interface LongTableProps {
  label: string;
  columns: Column[];
  rows: any[];
  rowKey: (row: any) => any;
  height: number;
  /** With `onSort`, where a column is sortable. */
  sort?: Sort | null;
  onSort: (key: string) => void;
  /** With `onSelect`, where rows can be ticked. */
  selected?: Set<any>;
  onSelect: (keys: Set<any>) => void;
  onOpen: (row: any) => void;
  onFold?: (row: any, folded: boolean) => void;
  levelOf?: (row: any) => number;
  current?: any;
  foot?: View;
}
interface TableProps {
  label?: string;
  columns: Column[];
  rows: any[] | undefined;
  rowKey: (row: any) => any;
  onOpen?: (row: any) => void;
  /** With `onSelect`, where rows can be ticked. */
  selected: Set<any>;
  onSelect?: (keys: Set<any>) => void;
  empty?: View;
  current?: any;
  compact?: boolean;
  foot?: View;
}
interface ShownFile {
  url: string;
  type: string;
}
interface Suggestion {
  value: string;
  note?: string;
}
interface PickerProps {
  label: string | null;
  name?: string;
  value: string;
  onPick: (value: string) => void;
  find: (text: string) => Suggestion[] | Promise<Suggestion[]>;
  among?: unknown;
  note?: View;
  error?: string;
  disabled?: boolean;
  placeholder?: string;
}
interface ScrapEntry {
  defect: string;
  quantity: string | number;
}
interface PiecesForm {
  good?: string | number;
  rework?: string | number;
  scrap?: ScrapEntry[];
}
interface MenuItem {
  key: string;
  icon: string;
  text: View;
  tone?: string;
  href?: string;
  testid?: string;
  run: () => void;
}
interface ReasonDialogProps {
  open?: boolean;
  onClose: () => void;
  title: View;
  text?: View;
  kind?: string;
  confirm: View;
  tone?: string;
  optional?: boolean;
  busy?: boolean;
  onConfirm: (reason: string) => void;
}
interface ToastAction {
  label: string;
  run: () => void;
  testid?: string;
}
interface ToastOptions {
  tone?: string;
  icon?: string;
  action?: ToastAction;
  ms?: number;
}
interface ToastNews {
  id: number;
  message: string;
  tone: string;
  glyph: string;
  action?: ToastAction;
  away: () => void;
}
interface DescribedProps {
  fields: FieldSpec[];
  form: any;
  onChange: (change: object) => void;
  problem?: any;
  disabled?: boolean;
  prefix?: string;
}
interface ButtonProps extends Attributes {
  kind?: string;
  size?: string;
  icon?: string;
  busy?: boolean;
  href?: string;
  disabled?: boolean;
}
interface PictureFieldProps {
  label: string;
  value: string;
  onChange: (id: string) => void;
  service?: string;
  hint?: View;
  error?: string;
  disabled?: boolean;
}
interface FieldProps extends Attributes {
  label: View;
  hint?: View;
  error?: string;
  value?: any;
  onInput?: (value: string) => void;
  options?: Option[];
  rows?: string;
}
interface SheetProps extends Attributes {
  open?: boolean;
  onClose: () => void;
  title: View;
  from?: "bottom" | "side";
  head?: View;
  footer?: View;
}
interface InstructionPageProps {
  page: { media?: string | null; text: Record<string, string> };
  language?: string;
  small?: boolean;
  onPicture?: () => void;
  class?: string;
}
interface PiecesProps {
  body: PiecesForm;
  change: (part: Partial<PiecesForm>) => void;
  defects: Record<string, string>;
  rework?: boolean;
  problem?: any;
  children?: View;
}
interface ProgressProps {
  good: number | string;
  scrap?: number | string;
  target: number | string;
  mark?: number | null;
  tone?: string;
  label?: string;
  class?: string;
}
