// Shapes that several modules of the web app share, for the type checker alone (infra/web/check.sh): never sent to a browser.
// What comes from the API is described as far as these modules read it.

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
  title?: string;
  testid?: string;
}
/** A unit of measure; `decimals` 0 counts. */
interface Unit {
  code: string;
  decimals: number;
  aliases: string[];
  related: string[];
  active: boolean;
}
/** A reason of the shop's list. */
interface Reason {
  code: string;
  kind: string;
  name: Name;
  active?: boolean;
}
interface PlainProblem {
  status: number;
  code: string;
  detail?: string;
  errors?: FieldError[];
  /** Those to choose from, where a printed number is on several. */
  lots?: { lot: string; item: string; remaining: string }[];
}
interface FieldError {
  field: string;
  message: string;
}
interface Defect {
  code: string;
  name: Name;
  picture_id?: string | null;
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
  page: { media_id?: string | null; text: Record<string, string> };
  language?: string;
  small?: boolean;
  onPicture?: () => void;
  class?: string;
}
interface PiecesProps {
  body: PiecesForm;
  change: (part: Partial<PiecesForm>) => void;
  defects: Record<string, string>;
  decimals?: number;
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
/** How an open order stands: GET /orders/work-orders/standings. */
interface Standing {
  id: string;
  number: string;
  state: string;
  item: string;
  item_name: Name;
  due_at: string;
  standing: "late" | "at_risk" | "in_time";
  expected_at: string | null;
  /** From the due date to when it will be there, in seconds; below zero it has time to spare. */
  late_s: number | null;
}
