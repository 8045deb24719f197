// /board: the shop at a glance, for a TV. No scrolling: more than twelve machines page by themselves.
import { html, useEffect, useState } from "/js/lib/html.js";
import { all, get } from "/js/lib/api.js";
import { now, useEveryMinute } from "/js/lib/clock.js";
import { clock, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { connection, useLive } from "/js/lib/live.js";
import { readMachines } from "/js/lib/machines.js";
import { useResource } from "/js/lib/resource.js";
import { site } from "/js/lib/session.js";
import { readStandings } from "/js/lib/standing.js";
import { preferred } from "/js/lib/theme.js";
import { Chip } from "/js/components/chip.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Calls, Defects, Risks } from "/pages/machines/board/aside.js";
import { MachineTile } from "/pages/machines/board/tile.js";

const A_PAGE = 12;
const PAGE_MS = 15000;

async function readBoard() {
  const machines = await readMachines();
  const output = await get("/production/shift-output");
  const [calls, standings, pareto] = await Promise.all([
    all("/production/andon-calls", { state: "open,acknowledged" }),
    readStandings(),
    get("/quality/pareto", { by: "defect", from: output.shift.business_date }),
  ]);
  return { machines, output, calls, risks: standings.filter((order) => order.state !== "draft"), pareto };
}

/** Scrapped of a million pieces that went through an operation. */
const ppmOf = ({ processed, scrap }) => (Number(processed) > 0 ? (Number(scrap) / Number(processed)) * 1e6 : null);

function Header({ machines, output, loadedAt }) {
  const { shift } = output;
  const ppm = ppmOf(output);
  const running = machines.filter((machine) => machine.state === "running").length;
  return html`<header class="board-head">
    <h1>
      <a
        class="board-leave"
        href="/"
        title=${t("board.leave")}
        data-testid="board-leave"
      >
        ${icon("home")}<span>${t("nav.home")}</span>
      </a>
      ${local(site.value?.name)}
    </h1>
    <p>${shift?.name ? `${local(shift.name)} · ` : ""}${clock(now.value)}</p>
    ${
      connection.value === "offline"
        ? html`<${Chip} tone="stop" icon="wifi_off" data-testid="connection" data-state="offline">
            ${t("board.offline", { time: clock(loadedAt) })}
          <//>`
        : html`<span data-testid="connection" data-state="online"></span>`
    }
    <dl class="board-now">
      <div><dd>${running} / ${machines.length}</dd><dt>${t("board.running")}</dt></div>
    </dl>
    <p class="board-period">${shift.code ? t("board.this_shift") : t("board.today")}</p>
    <dl>      <div>
        <dd data-testid="board-finished">${number(output.finished)}</dd>
        <dt>${t("board.finished")}</dt>
      </div>
      <div>
        <dd data-testid="board-processed">${number(output.processed)}</dd>
        <dt>${t("board.processed")}</dt>
      </div>
      <div><dd data-testid="board-ppm">${ppm === null ? "–" : number(ppm, 0)}</dd><dt>${t("board.ppm")}</dt></div>
    </dl>
  </header>`;
}

/** Columns that fill the screen with n tiles in rows as even as can be. */
const columnsFor = (n) => (n <= 3 ? Math.max(1, n) : n <= 6 ? 3 : n === 9 ? 3 : 4);

export default function Board() {
  const board = useResource(async () => ({ ...(await readBoard()), loadedAt: Date.now() }), [], { auto: false });
  const [page, setPage] = useState(0);
  useLive(["machines", "work_orders", "quality", "andon"], board.load);
  useEveryMinute(board.load);
  useEffect(() => {
    preferred.value = "dark";
    const turn = setInterval(() => setPage((one) => one + 1), PAGE_MS);
    return () => clearInterval(turn);
  }, []);

  const data = board.data;
  if (board.error && !data)
    return html`<div class="board alone"><${Problem} error=${board.error} retry=${board.load} /></div>`;
  if (!data) return html`<div class="board alone"><${Skeleton} rows="3" height="160" gap="16" /></div>`;
  if (!data.machines.length)
    return html`<div class="board alone">
      <${Empty} icon="machine" title=${t("station.no_machines")} text=${t("station.no_machines_text")} />
    </div>`;
  const pages = Math.ceil(data.machines.length / A_PAGE);
  const shown = data.machines.slice((page % pages) * A_PAGE, (page % pages) * A_PAGE + A_PAGE);
  const columns = columnsFor(pages > 1 ? A_PAGE : shown.length);
  return html`<div class="board">
    <${Header} machines=${data.machines} output=${data.output} loadedAt=${data.loadedAt} />
    <main
      class="board-machines"
      style=${{ "--columns": columns, "--rows": Math.ceil((pages > 1 ? A_PAGE : shown.length) / columns) }}
    >
      ${shown.map((machine) => html`<${MachineTile} key=${machine.code} machine=${machine} />`)}
    </main>
    <aside class="board-side">
      <${Calls} calls=${data.calls} />
      <${Risks} orders=${data.risks} />
      <${Defects} pareto=${data.pareto} />
      ${
        pages > 1 &&
        html`<p class="board-pages" aria-label=${t("board.page", { n: (page % pages) + 1, of: pages })}>
          ${Array.from(
            { length: pages },
            (_, index) => html`<i key=${index} class=${index === page % pages ? "on" : ""}></i>`,
          )}
        </p>`
      }
    </aside>
  </div>`;
}
