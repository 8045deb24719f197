// /travellers?orders=a,b: one sheet of paper for each order, to go with the work. With &op=20&sending=<id> what goes
// with pieces to a subcontractor.
import { html, useEffect } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { pageName } from "/js/lib/title.js";
import { Button } from "/js/components/button.js";
import { Empty, Notice, Problem, Skeleton } from "/js/components/feedback.js";
import { LanguageSelect } from "/js/components/personal.js";
import { DeliveryNote } from "/pages/plan/travellers/delivery.js";
import { Sheet } from "/pages/plan/travellers/sheet.js";

const AT_ONCE = 6; // a browser keeps six connections to a server

/** Each order's traveller in the order asked for, and the numbers that nobody knows. */
async function read(references) {
  const travellers = [];
  const unknown = [];
  for (let at = 0; at < references.length; at += AT_ONCE) {
    const answers = references.slice(at, at + AT_ONCE).map((reference) =>
      get(`/orders/work-orders/${encodeURIComponent(reference)}/traveller`).catch((error) => {
        if (error.status !== 404) throw error;
        unknown.push(reference);
        return null;
      }),
    );
    travellers.push(...(await Promise.all(answers)).filter(Boolean));
  }
  return { travellers, unknown };
}

/** {op, sending} of a delivery note, or nothing when a traveller is asked for. */
async function readSending(number, op, id) {
  const jobs = (await get("/production/jobs", { work_order: number, limit: 200 })).items;
  const { items } = await get(`/production/jobs/${jobs.find((job) => job.op === op)?.id}/sendings`);
  return { op, sending: items.find((one) => one.id === id) };
}

export default function Travellers({ query }) {
  const asked = query.get("orders") ?? "";
  const references = [
    ...new Set(
      asked
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean),
    ),
  ];
  const sent = query.get("sending");
  const sheets = useResource(
    async () => ({
      ...(await read(references)),
      ...(sent && (await readSending(references[0], Number(query.get("op")), sent))),
    }),
    [asked, sent],
  );
  const { travellers, unknown, op, sending } = sheets.data ?? {};
  const title = sent ? t("outside.note") : t("traveller.title");
  useEffect(() => {
    // The name that "print to PDF" offers.
    if (travellers?.length) {
      const others = travellers.length > 1 ? ` +${travellers.length - 1}` : "";
      pageName.value = `${title} ${travellers[0].order.number}${others}`;
    }
    return () => (pageName.value = "Dure");
  }, [travellers]);
  return html`<main class="travellers">
    <header class="travellers-bar">
      <${Button} kind="quiet" icon="back" href=${sent ? `/orders/${encodeURIComponent(references[0])}` : "/orders"}>
        ${sent ? references[0] : t("order.all")}
      <//>
      <span class="grow strong">
        ${sent ? title : travellers ? t("traveller.sheets", { n: travellers.length }) : ""}
      </span>
      <${LanguageSelect} />
      <${Button}
        kind="primary"
        icon="print"
        disabled=${!travellers?.length}
        data-testid="print"
        onClick=${() => print()}
      >
        ${t("action.print")}
      <//>
    </header>
    ${
      unknown?.length > 0 &&
      html`<div class="travellers-news">
        <${Notice} tone="warn" title=${t("traveller.unknown", { numbers: unknown.join(", ") })} />
      </div>`
    }
    ${
      !sheets.data &&
      (sheets.error
        ? html`<${Problem} error=${sheets.error} retry=${sheets.load} />`
        : html`<div class="traveller"><${Skeleton} rows="12" height="40" /></div>`)
    }
    ${
      travellers &&
      !travellers.length &&
      html`<${Empty} icon="print" title=${t("traveller.none")} text=${t("traveller.none_text")}>
        <${Button} kind="primary" href="/orders">${t("order.all")}<//>
      <//>`
    }
    ${travellers?.map((one) =>
      sending
        ? html`<${DeliveryNote} key=${one.order.id} traveller=${one} op=${op} sending=${sending} />`
        : html`<${Sheet} key=${one.order.id} traveller=${one} />`,
    )}
  </main>`;
}
