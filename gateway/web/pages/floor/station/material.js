// Material for the job: what it needs, which lot should be next and what it will give, and one scan a lot. What must
// not go in is stopped in red, with a sound and the reason; what is not needed is asked for.
import { html, useEffect, useState } from "/js/lib/html.js";
import { consume } from "/js/floor/commands.js";
import { judge, offerOf, readMaterials, withQueued } from "/js/floor/materials.js";
import { commands, counts, isOpen } from "/js/floor/queue.js";
import { day, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { play } from "/js/lib/sound.js";
import { decimalsOf, keyed } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Skeleton } from "/js/components/feedback.js";
import { Progress } from "/js/components/progress.js";
import { Dialog, Sheet } from "/js/components/sheet.js";
import { Keys } from "/js/components/touch.js";
import { Last } from "/pages/floor/station/last.js";

const KINDS = new Set(["consume", "give_back"]);
const isStarted = (job) => ["running", "paused"].includes(job?.state);

/**
 * {job, materials, waiting, missing, scan, news, asking, answer, useAnyway, load, forget}: `news` is what came of the
 * last scan: {tone, lot, text, anyway?}; `asking` is what is to be confirmed first: {body, material, remaining,
 * quantity, covered}.
 */
export function useMaterial(job, machine, online, recorder) {
  const needed = (job?.materials ?? []).length > 0;
  const read = useResource(
    async () => ({ ...(needed ? await readMaterials(job) : { items: [], asked: "" }), job: job?.id }),
    [job?.id, needed, job?.state],
  );
  const [last, setLast] = useState(null);
  const [asking, setAsking] = useState(null);
  const mine = commands.value.filter(
    (command) => KINDS.has(command.kind) && command.job === job?.id && counts(command),
  );
  const isRead = read.data && read.data.job === job?.id;
  const known = isRead ? withQueued(read.data.items, mine, read.data.asked ?? "") : [];
  const asked = last?.id ? commands.value.find((command) => command.id === last.id) : null;

  const stop = (next) => {
    play("stop");
    setLast(next);
  };
  const give = async (body, material, asks) => {
    const command = { ...consume(job, machine, body, material?.component ?? null), asks };
    const stored = await recorder.take(command, material?.unit ?? "");
    if (stored) setLast({ id: stored.id, lot: body.lot, body, tone: "run", text: null });
  };
  /**
   * Gives the lot what it offers, or what the server finds where the tablet does not know it; asks first where that is
   * nothing, or where nobody works on the job.
   */
  const offer = (body, material, lot, asks) => {
    const quantity = material && lot ? offerOf(job, material, lot) : null;
    const covered = quantity === 0 && Number(lot.remaining) > 0;
    if (covered || !isStarted(job))
      return setAsking({ body, material, remaining: lot?.remaining ?? null, quantity, covered, asks });
    return give(quantity ? { ...body, quantity } : body, material, asks);
  };
  const scan = (text) => {
    const { material, known: lot, lot: code, block } = judge(known, text, Date.now());
    // The server knows all lots, and why one is held; alone, the tablet lets in what it knows, and asks about the rest.
    if (online) return offer({ lot: material ? code : text, scanned: text }, material, block ? null : lot, true);
    if (block)
      return stop({
        tone: "stop",
        lot: code,
        text: t(`material.${block}`),
        anyway: block === "unknown" ? { lot: text, scanned: text, used: true } : null,
      });
    return offer({ lot: code, scanned: text, used: true }, material, lot, false);
  };
  /** The question is answered by a quantity (null: what the server finds), or by nothing at all. */
  const answer = (quantity) => {
    const { body, material, asks } = asking;
    setAsking(null);
    if (quantity !== undefined) give(quantity ? { ...body, quantity } : body, material, asks);
  };
  const settled = mine.filter((command) => !isOpen(command)).length;
  useEffect(() => {
    if (settled) read.load();
  }, [settled]);
  useEffect(() => {
    if (asked?.state === "blocked") play("stop");
  }, [asked?.state]);
  return {
    job,
    materials: known,
    waiting: needed && !isRead && !read.error,
    scan,
    news: newsOf(last, asked, online),
    asking,
    answer,
    load: read.load,
    forget: () => setLast(null),
    /** Materials that are followed by lot, and of which none was given. */
    missing: known.filter((one) => one.is_lot_tracked && !one.lots.length && Number(one.needed) > 0),
    useAnyway: () =>
      last.anyway.used
        ? give(last.anyway, known[0] ?? null, false)
        : setAsking({ body: last.anyway, material: known[0] ?? null, remaining: null, covered: true, asks: true }),
  };
}

/** What came of the last scan, as far as it is known by now. */
function newsOf(last, asked, online) {
  if (!asked) return last;
  if (asked.state === "blocked") {
    const covered = asked.problem.code === "need_covered";
    return { tone: "stop", lot: last.lot, text: asked.problem.detail, anyway: covered ? last.body : null };
  }
  const done = ["done", "flagged"].includes(asked.state);
  const text = done ? t("material.taken") : online ? t("material.asking") : t("material.kept");
  return { tone: "run", lot: last.lot, text };
}

function LotTile({ job, material, lot, next, onLot }) {
  const usable = lot.state === "available";
  const offer = usable ? offerOf(job, material, lot) : 0;
  return html`<button
    type="button"
    class="tile ${next ? "next" : ""}"
    data-testid="lot-${lot.lot}"
    data-takes=${usable ? offer : undefined}
    onClick=${() => onLot(lot.lot)}
  >
    <span>
      <span class="lot-code">${lot.lot}</span>
      <small>
        ${t("material.left", { n: number(lot.remaining), unit: material.unit })}
        ${lot.location ? ` · ${lot.location}` : ""}
        ${lot.expires_on ? ` · ${t("material.until", { day: day(lot.expires_on) })}` : ""}
      </small>
    </span>
    ${
      usable
        ? html`<em>
            ${next && html`<small>${t("material.next")}</small>`}
            ${
              offer > 0
                ? html`<b>${t("material.takes", { n: number(offer), unit: material.unit })}</b>`
                : html`<b class="covered">${icon("check")}${t("material.covered")}</b>`
            }
          </em>`
        : html`<em class="tone-stop">${icon("warning")}${t(`material.state.${lot.state}`)}</em>`
    }
  </button>`;
}

function Component({ job, material, onLot }) {
  const next = material.advice.find((lot) => lot.state === "available");
  return html`<section class="material" data-testid="material-${material.component}">
    <header>
      <b class="ellipsis">${local(material.name) || material.component}</b>
      <span class="nowrap">${number(material.consumed)} / ${number(material.needed)} ${material.unit}</span>
    </header>
    <${Progress} good=${material.consumed} scrap="0" target=${material.needed} label=${material.component} />
    ${
      material.lots.length > 0 &&
      html`<p class="material-in">${icon("check")}${material.lots.map((lot) => lot.lot).join(", ")}</p>`
    }
    <div class="material-lots">
      ${material.advice.slice(0, 3).map(
        (lot) =>
          html`<${LotTile}
              key=${lot.lot}
              job=${job}
              material=${material}
              lot=${lot}
              next=${lot === next}
              onLot=${onLot}
            />`,
      )}
      ${!material.advice.length && html`<p class="muted">${t("material.no_lot")}</p>`}
    </div>
  </section>`;
}

/** More than the job needs, or for a job that nobody has started: how much is said first. */
function Ask({ asking, onAnswer }) {
  const [quantity, setQuantity] = useState("");
  useEffect(() => setQuantity(""), [asking]);
  if (!asking) return null;
  const { body, material, remaining, covered } = asking;
  const unit = material?.unit ?? "";
  const press = (key) => setQuantity((now) => (key === "clear" ? "" : keyed(now, key, decimalsOf(unit))));
  const given = covered ? Number(quantity) : asking.quantity;
  return html`<${Dialog}
    open
    onClose=${() => onAnswer()}
    title=${body.lot}
    data-testid="material-ask"
    actions=${html`
      <${Button} size="tall" icon="back" data-testid="question-no" onClick=${() => onAnswer()}>
        ${t("question.no")}
      <//>
      <${Button}
        kind="primary"
        size="tall"
        icon="check"
        data-testid="question-yes"
        disabled=${covered && !given}
        onClick=${() => onAnswer(given || null)}
      >
        ${given ? t("material.takes", { n: number(given), unit }) : t("material.take")}
      <//>
    `}
  >
    <p class="question-text">
      ${icon("warning")}
      <span>
        ${!covered && t("material.ask_unstarted")}
        ${
          covered &&
          t("material.ask_covered", {
            n: number(material?.consumed ?? null),
            of: number(material?.needed ?? null),
            unit,
          })
        }
      </span>
    </p>
    ${
      covered &&
      html`<p class="material-amount" data-testid="material-amount">
          <b>${quantity || 0}</b>
          <span>${unit} ${remaining !== null && t("material.left", { n: number(remaining), unit })}</span>
        </p>
        <${Keys} onKey=${press} point=${decimalsOf(unit) > 0} />`
    }
  <//>`;
}

export function MaterialSheet({ open, onClose, material, recorder, onCamera }) {
  const { materials, news, job } = material;
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
    <${Last} recorder=${recorder} kind="consume" />
    ${!news && html`<p class="material-hint">${icon("scan")}${t("material.scan")}</p>`}
    <div class="materials">
      ${materials.map(
        (one) => html`<${Component} key=${one.component} job=${job} material=${one} onLot=${material.scan} />`,
      )}
      ${material.waiting && html`<${Skeleton} rows="2" height="84" />`}
      ${!materials.length && !material.waiting && html`<p class="muted">${t("material.none")}</p>`}
    </div>
    <${Ask} asking=${material.asking} onAnswer=${material.answer} />
  <//>`;
}
