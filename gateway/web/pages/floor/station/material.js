// Material for the job: what it needs, which lot should be next, and one scan a lot. What must not go in is stopped in
// red, with a sound and the reason.
import { html, useEffect, useState } from "/js/lib/html.js";
import { consume } from "/js/floor/commands.js";
import { judge, readMaterials, withQueued } from "/js/floor/materials.js";
import { commands, counts, isOpen } from "/js/floor/queue.js";
import { day, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { play } from "/js/lib/sound.js";
import { Button } from "/js/components/button.js";
import { Progress } from "/js/components/progress.js";
import { Sheet } from "/js/components/sheet.js";
import { record } from "/pages/floor/station/touches.js";

/** {materials, scan, news, useAnyway, forget}: `news` is what came of the last scan: {tone, lot, text, anyway?}. */
export function useMaterial(job, machine, online) {
  const needed = (job?.materials ?? []).length > 0;
  const read = useResource(() => (needed ? readMaterials(job) : []), [job?.id, needed]);
  const [last, setLast] = useState(null);
  const known = job ? (read.data ?? []) : [];
  const mine = commands.value.filter(
    (command) => command.kind === "consume" && command.job === job?.id && counts(command),
  );
  const asked = last?.id ? commands.value.find((command) => command.id === last.id) : null;

  const stop = (next) => {
    play("stop");
    setLast(next);
  };
  const give = async (body, component, asks) => {
    const kept = await record({ ...consume(job, machine, body, component), asks });
    if (kept) setLast({ id: kept.id, lot: body.lot, tone: "run", text: null });
  };
  const scan = (text) => {
    const verdict = judge(known, text, Date.now());
    // The server knows all lots, and why one is held; alone, the tablet lets in what it knows, and asks about the rest.
    if (online) return give({ lot: verdict.component ? verdict.lot : text, scanned: text }, verdict.component, true);
    if (verdict.block)
      return stop({
        tone: "stop",
        lot: verdict.lot,
        text: t(`material.${verdict.block}`),
        anyway: verdict.block === "unknown" ? { lot: text, scanned: text } : null,
      });
    return give({ lot: verdict.lot, scanned: text, used: true }, verdict.component, false);
  };
  useEffect(() => {
    if (asked && !isOpen(asked)) {
      if (asked.state === "blocked") play("stop");
      read.load();
    }
  }, [asked?.state]);
  const answered =
    asked &&
    (asked.state === "blocked"
      ? { tone: "stop", lot: last.lot, text: asked.problem.detail }
      : {
          tone: "run",
          lot: last.lot,
          text: ["done", "flagged"].includes(asked.state)
            ? t("material.taken")
            : online
              ? t("material.asking")
              : t("material.kept"),
        });
  return {
    materials: withQueued(known, mine),
    scan,
    news: answered ?? last,
    load: read.load,
    forget: () => setLast(null),
    useAnyway: () => give({ ...last.anyway, used: true }, known[0]?.component ?? null, false),
  };
}

function Component({ material, onLot }) {
  const next = material.advice.find((lot) => lot.state === "available");
  return html`<section class="material" data-testid="material-${material.component}">
    <header>
      <b class="ellipsis">${local(material.name) || material.component}</b>
      <span>${number(material.consumed)} / ${number(material.needed)} ${material.unit}</span>
    </header>
    <${Progress} good=${material.consumed} scrap="0" target=${material.needed} label=${material.component} />
    ${
      material.lots.length > 0 &&
      html`<p class="material-in">${icon("check")}${material.lots.map((lot) => lot.lot).join(", ")}</p>`
    }
    <div class="material-lots">
      ${material.advice.slice(0, 3).map(
        (lot) => html`<button
          type="button"
          class="tile ${lot === next ? "next" : ""}"
          key=${lot.lot}
          data-testid="lot-${lot.lot}"
          onClick=${() => onLot(lot.lot)}
        >
          <span>
            ${lot.lot}
            <small>
              ${number(lot.remaining)} ${material.unit}
              ${lot.location ? ` · ${lot.location}` : ""}
              ${lot.expires_on ? ` · ${t("material.until", { day: day(lot.expires_on) })}` : ""}
            </small>
          </span>
          ${
            lot === next
              ? html`<em>${t("material.next")}</em>`
              : lot.state !== "available" &&
                html`<em class="tone-stop">${icon("warning")}${t(`material.state.${lot.state}`)}</em>`
          }
        </button>`,
      )}
      ${!material.advice.length && html`<p class="muted">${t("material.no_lot")}</p>`}
    </div>
  </section>`;
}

export function MaterialSheet({ open, onClose, material, onCamera }) {
  const { materials, news } = material;
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${t("material.title")}
    data-testid="material-sheet"
    footer=${html`
      <div class="grow"></div>
      ${
        onCamera &&
        html`<${Button} kind="primary" size="tall" icon="scan" data-testid="camera-open" onClick=${onCamera}>
          ${t("camera.scan")}
        <//>`
      }
    `}
  >
    ${
      news &&
      html`<div
        class="material-news ${news.tone}"
        role=${news.tone === "stop" ? "alert" : "status"}
        data-testid="material-news"
        data-tone=${news.tone}
      >
        ${icon(news.tone === "stop" ? "warning" : "check")}
        <p class="grow"><b>${news.lot}</b><span>${news.text}</span></p>
        ${
          news.anyway &&
          html`<${Button} size="tall" data-testid="material-anyway" onClick=${material.useAnyway}>
            ${t("material.anyway")}
          <//>`
        }
      </div>`
    }
    ${!news && html`<p class="material-hint">${icon("scan")}${t("material.scan")}</p>`}
    <div class="materials">
      ${materials.map((one) => html`<${Component} key=${one.component} material=${one} onLot=${material.scan} />`)}
      ${!materials.length && html`<p class="muted">${t("material.none")}</p>`}
    </div>
  <//>`;
}
