// /stops: why the machines stood, and the right reasons of stops that were given a wrong one or none; what was said at
// first stays beside it.
import { html, useState } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { now } from "/js/lib/clock.js";
import { clock, duration, moment, number } from "/js/lib/format.js";
import { local, t } from "/js/lib/i18n.js";
import { useLiveCounts } from "/js/lib/live.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { reasonDisplay } from "/js/lib/display.js";
import { may } from "/js/lib/session.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem } from "/js/components/feedback.js";
import { Choice, Pills } from "/js/components/field.js";
import { Table } from "/js/components/table.js";
import { toast } from "/js/components/toast.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { CorrectStop } from "/pages/machines/stops/correct.js";

const DAY_MS = 86400000;
const DAYS = ["1", "7", "30"];
const view = makeView({ days: DAYS, which: ["all", "unnamed", "corrected"], machine: "" });
const FITS = {
  all: () => true,
  unnamed: (stop) => !stop.reason,
  corrected: (stop) => stop.was_reason !== null || stop.corrected_at !== null,
};

/** The stops of all machines, or of one, the latest first. */
async function readStops(days, machine) {
  const from = new Date(Date.now() - Number(days) * DAY_MS).toISOString();
  const [machines, reasons] = await Promise.all([all("/orders/machines"), get("/production/reasons")]);
  const codes = machine ? [machine] : machines.filter((one) => one.active !== false).map((one) => one.code);
  const timelines = await Promise.all(
    codes.map(async (code) => {
      const parts = await all(`/production/machines/${encodeURIComponent(code)}/timeline`, { from }).catch(() => []);
      return parts.map((part) => ({ ...part, machine: code }));
    }),
  );
  return {
    machines,
    reasons: reasons.items,
    stops: timelines
      .flat()
      .filter((part) => part.can_correct || part.was_reason !== null)
      .sort((a, b) => b.begins.localeCompare(a.begins)),
  };
}

const lastsMs = (stop) => (stop.lasts ? now.value : new Date(stop.ends).getTime()) - new Date(stop.begins).getTime();

/** A leader corrects any stop, maintenance those of the shift: of an earlier one the server says so. */
const mayCorrect = () => may("leader", "maintenance");

const kindOf = (stop, reasons) =>
  reasons.find((one) => one.code === stop.reason)?.kind ?? (stop.state === "setup" ? "setup" : "unplanned");

/** How long the stops of each kind lasted together, in words: a planned night is no downtime. */
const sumsOf = (stops, reasons) =>
  ["unplanned", "setup", "planned"]
    .map((kind) => ({ kind, those: stops.filter((stop) => kindOf(stop, reasons) === kind) }))
    .filter(({ those }) => those.length)
    .map(({ kind, those }) => {
      const together = those.reduce((sum, stop) => sum + lastsMs(stop), 0);
      return `${reasonDisplay(kind).label} ${duration(together)}`;
    })
    .join(" · ");

function Reason({ stop, reasons }) {
  const display = reasonDisplay(kindOf(stop, reasons));
  const was = reasons.find((one) => one.code === stop.was_reason);
  return html`
    <${Chip} tone=${stop.reason ? display.tone : "warn"} icon=${stop.reason ? display.icon : "help"}>
      ${stop.reason ? local(stop.reason_name) || stop.reason : t("stops.no_reason")}
    <//>
    ${was && html`<span class="second">${t("stops.was", { reason: local(was.name) })}</span>`}
  `;
}

const columns = (data, person, onCorrect) => [
  {
    key: "machine",
    label: t("stops.machine"),
    sort: (stop) => stop.machine,
    render: (stop) =>
      html`
        <span class="first">${stop.machine}</span>
        <span class="second">${local(data.machines.find((one) => one.code === stop.machine)?.name)}</span>
      `,
  },
  {
    key: "begins",
    label: t("stops.when"),
    sort: (stop) => stop.begins,
    render: (stop) =>
      html`<span class="nowrap">${moment(stop.begins)}</span>${" "}
        <span class="nowrap">– ${stop.lasts ? t("stops.lasts") : clock(stop.ends)}</span>
        <span class="second narrow">${duration(lastsMs(stop))}</span>`,
  },
  {
    key: "lasts",
    class: "wide",
    label: t("stops.time"),
    align: "end",
    sort: lastsMs,
    render: (stop) => html`<span class="nowrap">${duration(lastsMs(stop))}</span>`,
  },
  {
    key: "reason",
    label: t("stops.reason"),
    render: (stop) => html`<${Reason} stop=${stop} reasons=${data.reasons} />`,
  },
  {
    key: "by",
    class: "wide-only",
    label: t("stops.corrected"),
    render: (stop) =>
      stop.corrected_at
        ? html`${person(stop.corrected_by)}<span class="second">${moment(stop.corrected_at)}</span>`
        : "",
  },
  {
    key: "edit",
    label: "",
    align: "end",
    render: (stop) =>
      stop.can_correct &&
      mayCorrect() &&
      html`<${Button}
        kind="quiet"
        size="small"
        icon="edit"
        aria-label=${t("stops.correct")}
        title=${t("stops.correct")}
        data-testid="stop-correct"
        onClick=${() => onCorrect(stop)}
      />`,
  },
];

export default function Stops() {
  const { days, which, machine } = view.use();
  const [corrected, setCorrected] = useState(null);
  const person = usePeople();
  const found = useResource(() => readStops(days, machine), [days, machine], { auto: false });
  useLiveCounts(["machines"], found.load);
  const { data, error, load } = found;
  const shown = data?.stops.filter(FITS[which]);
  return html`<${OfficeShell} title=${t("stops.title")}>
    <div class="filters">
      <${Pills}
        label=${t("stops.period")}
        value=${days}
        onChange=${(value) => view.change({ days: value })}
        options=${DAYS.map((value) => ({ value, label: t("stops.days", { n: value }) }))}
      />
      <${Choice}
        label=${t("stops.machine")}
        value=${machine}
        onChange=${(value) => view.change({ machine: value })}
        data-testid="stops-machine"
        options=${(data?.machines ?? []).map((one) => ({ value: one.code, label: `${one.code} ${local(one.name)}` }))}
      />
      <${Pills}
        label=${t("stops.reason")}
        value=${which}
        onChange=${(value) => view.change({ which: value })}
        options=${Object.entries(FITS).map(([value, fits]) => ({
          value,
          label: t(`stops_which.${value}`),
          count: data && number(data.stops.filter(fits).length),
          tone: value === "unnamed" && data?.stops.some(fits) ? "warn" : undefined,
        }))}
      />
      ${shown?.length > 0 && html`<span class="muted" data-testid="stops-sums">${sumsOf(shown, data.reasons)}</span>`}
    </div>
    ${
      error && !data
        ? html`<div class="card"><${Problem} error=${error} retry=${load} /></div>`
        : html`<${Table}
            class="fill"
            label=${t("stops.title")}
            columns=${data ? columns(data, person, setCorrected) : []}
            rows=${shown}
            rowKey=${(stop) => `${stop.machine}${stop.state_id}${stop.begins}`}
            onOpen=${mayCorrect() ? (stop) => stop.can_correct && setCorrected(stop) : undefined}
            empty=${html`<${Empty} icon="check" title=${t("stops.nothing")} text=${t("stops.nothing_text")} />`}
          />`
    }
    ${
      corrected &&
      html`<${CorrectStop}
        stop=${corrected}
        reasons=${data.reasons}
        onClose=${() => setCorrected(null)}
        onDone=${() => {
          setCorrected(null);
          toast(t("stops.done"));
          load();
        }}
      />`
    }
  <//>`;
}
