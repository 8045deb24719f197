// /labour: who was there, and what part of that went into which order; who is in now. ?by=…&period=… chooses.
import { html, useEffect, useState } from "/js/lib/html.js";
import { download, get } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { now, useEveryMinute } from "/js/lib/clock.js";
import { clock, hours, number, percent } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useLive } from "/js/lib/live.js";
import { usePeople } from "/js/lib/names.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { pageName } from "/js/lib/title.js";
import { Button } from "/js/components/button.js";
import { Notice, Problem, Skeleton } from "/js/components/feedback.js";
import { Progress } from "/js/components/progress.js";
import { OfficeShell } from "/js/shell/shell.js";
import { makeView } from "/js/shell/view.js";
import { Tabs } from "/js/components/tabs.js";
import { toastProblem } from "/js/components/toast.js";
import { LabourPaper } from "/pages/floor/labour/paper.js";
import { asked, OWN, PERIODS, PeriodChoice, periodInWords } from "/pages/floor/labour/period.js";
import { NoteSheet } from "/pages/floor/labour/note.js";
import { Present } from "/pages/floor/labour/present.js";
import { LabourTable } from "/pages/floor/labour/table.js";

const WAYS = ["person", "job", "machine", "shift"];
const A_MOMENT_MS = 120000;

/** A sheet up to the present moment: more time may still be added. */
const isGoingOn = (sheet) => new Date(sheet.to) > now.value - A_MOMENT_MS;

/** Sums of the period; the share counts those whose attendance was noted. */
function Figures({ sheet, present }) {
  const odd = present?.filter((one) => one.flags.length).length ?? 0;
  return html`<div class="figures labour-figures">
    <div class="figure">
      <span>${t("labour.attendance")}</span>
      <b data-testid="labour-attendance">${hours(sheet.attendance_s)}</b>
    </div>
    <div class="figure">
      <span>${t("labour.direct")}</span>
      <b data-testid="labour-direct">${hours(sheet.direct_s)}</b>
    </div>
    <div class="figure">
      <span>${t("labour.ratio")}</span>
      <b data-testid="labour-ratio">${percent(sheet.direct_ratio, 1)}</b>
      <${Progress} good=${sheet.direct_ratio ?? 0} target="1" label=${t("labour.ratio")} />
    </div>
    <a
      class="figure ${odd ? "warn" : ""}"
      href="#present"
      onClick=${(event) => {
        event.preventDefault();
        document.getElementById("present")?.scrollIntoView({ block: "start" });
      }}
    >
      <span>${odd > 0 && icon("warning")}${odd > 0 ? t("labour.in_now_odd", { n: odd }) : t("labour.in_now")}</span>
      <b data-testid="labour-in">${present ? t("labour.people", { n: number(present.length) }) : "–"}</b>
    </a>
  </div>`;
}

const view = makeView({ by: WAYS, period: [...PERIODS, OWN], first: "", last: "" });

export default function Labour() {
  const { by, ...chosen } = view.use();
  const setBy = (value) => view.change({ by: value });
  const [noted, setNoted] = useState(null); // {kind, person} that the sheet begins with
  const search = { by, ...asked(chosen) };
  const sheets = useResource(() => get("/production/labour", search), [JSON.stringify(search)]);
  const present = useResource(() => get("/production/attendance"), [], { auto: false });
  const person = usePeople();
  useLive(["work_orders"], present.load, (_, { type }) => type.includes(".job.changed"));
  useEveryMinute(() => {
    if (chosen.period === "today") sheets.load();
    present.load();
  });
  const save = useAction((_, text) => download(`/production/labour.xlsx?${text}`), { failed: toastProblem });
  const sheet = sheets.data;
  const period = sheet && periodInWords(sheet);
  useEffect(() => {
    if (period) pageName.value = `${t("labour.title")} ${period}`;
  }, [period]);
  const isReady = sheet?.by === by && sheet.items.length > 0;
  const mayNote = may("leader");
  const actions = html`
    <${Button}
      icon="file"
      busy=${save.busy}
      disabled=${!isReady}
      data-testid="labour-xlsx"
      onClick=${() => save.go(new URLSearchParams(search).toString())}
    >
      XLSX
    <//>
    <${Button} icon="print" disabled=${!isReady} data-testid="print" onClick=${() => print()}>${t("action.print")}<//>
    ${
      mayNote &&
      html`<${Button}
        kind="primary"
        icon="clock"
        data-testid="labour-note"
        onClick=${() => setNoted({ kind: "in", person: "" })}
      >
        ${t("labour.note")}
      <//>`
    }
  `;
  const reload = () => {
    setNoted(null);
    sheets.load();
    present.load();
  };
  return html`<${OfficeShell} title=${t("labour.title")} actions=${actions}>
    <${PeriodChoice} chosen=${chosen} sheet=${sheet} onChange=${view.change} />
    ${sheet && !sheets.error && html`<${Figures} sheet=${sheet} present=${present.data?.items} />`}
    ${
      sheet?.unattended_s >= 30 &&
      html`<${Notice}
        tone="warn"
        data-testid="labour-unattended"
        title=${t("labour.unattended", { time: hours(sheet.unattended_s) })}
      >
        ${t("labour.unattended_text")}
      <//>`
    }
    <div class="labour-grid">
      <section class="stack labour-sheet">
        <${Tabs}
          label=${t("labour.by")}
          value=${by}
          onChange=${setBy}
          options=${WAYS.map((way) => ({ value: way, label: t(`labour.by.${way}`) }))}
        />
        ${sheets.error && html`<div class="card"><${Problem} error=${sheets.error} retry=${sheets.load} /></div>`}
        ${
          !sheets.error &&
          sheet?.by !== by &&
          html`<div class="card card-body"><${Skeleton} rows="6" height="44" gap="18" /></div>`
        }
        ${
          !sheets.error &&
          sheet?.by === by &&
          html`
            <${LabourTable} sheet=${sheet} person=${person} />
            <p class="muted labour-hint">
              ${[`${period}.`, isGoingOn(sheet) && t("labour.as_of", { time: clock(sheet.to) }), t("labour.hint")]
                .filter(Boolean)
                .join(" ")}
            </p>
          `
        }
      </section>
      <${Present} people=${present} person=${person} onNote=${mayNote ? setNoted : null} />
    </div>
    ${isReady && html`<${LabourPaper} sheet=${sheet} period=${period} person=${person} />`}
    ${
      mayNote &&
      html`<${NoteSheet}
        noted=${noted}
        present=${present.data?.items ?? []}
        person=${person}
        onClose=${() => setNoted(null)}
        onDone=${reload}
      />`
    }
  <//>`;
}
