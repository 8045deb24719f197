// The sheets in which pieces are entered: for the job, without an order, and once more for what was entered wrongly.
import { html, useState } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { MOST_DECIMALS } from "/js/lib/units.js";
import { draftOf } from "/pages/floor/station/report.js";
import { ReportSheet } from "/pages/floor/station/report-sheet.js";

const NO_JOB = { id: null, item: "", item_name: "", box_quantity: null };
/** Nobody here knows which item it is: a leader finds out. */
const UNKNOWN = "";

/** The items of the machine's jobs, for pieces without an order; one more for all others. */
export const itemsOf = (jobs) => [
  ...new Map(jobs.map((job) => [job.item, { code: job.item, name: job.item_name, decimals: job.decimals }])).values(),
  { code: UNKNOWN, name: t("unassigned.other_item"), decimals: MOST_DECIMALS },
];

/** The report that is being put right: {command, job, typed, begin}. */
export function useCorrection(jobs) {
  const [state, setState] = useState({ command: null, draft: null });
  const { command, draft } = state;
  const known = command && jobs.find((one) => one.id === command.job);
  const job =
    command && (known ?? { ...NO_JOB, id: command.job, item: command.item, op: command.op, decimals: MOST_DECIMALS });
  return {
    command,
    job,
    typed: { draft, setDraft: (next) => setState({ command, draft: next }) },
    begin: (earlier) => setState({ command: earlier, draft: draftOf(earlier.body) }),
  };
}

export function Reports({ sheet, close, job, catalogue, typed, unassigned, first, items, actions, correction }) {
  const chosen = items.find((one) => one.code === unassigned.draft.item);
  return html`
    <${ReportSheet}
      open=${sheet === "report"}
      onClose=${close}
      job=${job}
      catalogue=${catalogue}
      typed=${typed}
      first=${first}
      onSubmit=${actions.report}
    />
    <${ReportSheet}
      open=${sheet === "unassigned"}
      onClose=${close}
      job=${{ ...NO_JOB, decimals: chosen?.decimals ?? MOST_DECIMALS }}
      catalogue=${catalogue}
      typed=${unassigned}
      first="good"
      items=${items}
      onSubmit=${actions.unassigned}
    />
    <${ReportSheet}
      open=${sheet === "correct" && Boolean(correction.command)}
      onClose=${close}
      job=${correction.job}
      catalogue=${catalogue}
      typed=${correction.typed}
      first="good"
      title=${t("report.correct_title")}
      emptied=${t("report.take_back")}
      onSubmit=${() => actions.correct(correction.command, correction.typed.draft)}
    />
  `;
}
