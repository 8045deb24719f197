// Shapes of the components, for the type checker alone (infra/web/check.sh): never sent to a browser.

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
  ms: number;
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
