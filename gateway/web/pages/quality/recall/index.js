// /recall/<lot>: a recall or its drill: whom a lot has reached, where everything is now, and what cannot be accounted
// for. Made to be printed.
import { html, useEffect, useState } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { local, t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { navigate } from "/js/lib/router.js";
import { may } from "/js/lib/session.js";
import { pageName } from "/js/lib/title.js";
import { Button } from "/js/components/button.js";
import { Empty, Problem, Skeleton } from "/js/components/feedback.js";
import { Picker } from "/js/components/picker.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { LanguageSelect } from "/js/components/personal.js";
import { toast, toastProblem } from "/js/components/toast.js";
import { lotPage, lotPath } from "/pages/quality/lots/texts.js";
import { Paper } from "/pages/quality/recall/paper.js";

const find = async (q) =>
  (await get("/production/lots", { q: q || undefined, limit: 50 }).catch(() => ({ items: [] }))).items.map((lot) => ({
    value: lot.lot,
    note: [lot.item, local(lot.item_name), lot.supplier_lot].filter(Boolean).join(" · "),
  }));
const isStock = (lot) => Number(lot.remaining) > 0 && lot.op === null;
const isHeld = (lot) => lot.state === "on_hold";

/** Also those that are held get the reason: whoever releases them for the other one sees this one, too. */
function Hold({ recall, onDone }) {
  const [asking, setAsking] = useState(false);
  const lots = recall.lots.filter(isStock);
  const isMore = lots.every(isHeld);
  const hold = useAction(
    async (_key, reason) => {
      // one after the other: each is a decision of its own, and what was held for this reason stays held
      for (const lot of lots)
        await post(`${lotPath(lot.lot)}/hold`, { reason }).catch((error) => {
          if (error.status !== 409) throw error;
        });
    },
    {
      done: () => {
        setAsking(false);
        toast(t("recall.held", { n: lots.length }));
        onDone();
      },
      failed: toastProblem,
    },
  );
  if (!lots.length || !may("operator", "leader", "quality", "planner")) return null;
  return html`
    <${Button} icon="hold" data-testid="recall-hold" onClick=${() => setAsking(true)}>
      ${isMore ? t("lots.hold_more") : t("recall.hold", { n: lots.filter((lot) => !isHeld(lot)).length })}
    <//>
    <${ReasonDialog}
      open=${asking}
      onClose=${() => setAsking(false)}
      kind="hold"
      title=${isMore ? t("recall.hold_more", { n: lots.length }) : t("recall.hold", { n: lots.length })}
      text=${lots.some(isHeld) ? `${t("recall.hold_text")} ${t("recall.hold_again")}` : t("recall.hold_text")}
      confirm=${t("lots.hold")}
      tone="danger"
      busy=${hold.busy}
      onConfirm=${(reason) => hold.go(reason)}
    />
  `;
}

function Choose() {
  return html`<div class="recall-choose card card-body">
    <h2>${t("recall.choose")}</h2>
    <p class="muted">${t("recall.choose_text")}</p>
    <${Picker}
      label=${t("lots.lot")}
      value=""
      find=${find}
      onPick=${(lot) => lot && navigate(`/recall/${encodeURIComponent(lot)}`)}
      placeholder=${t("lots.search")}
      autofocus
      data-testid="recall-lot"
    />
  </div>`;
}

export default function Recall({ params }) {
  const lot = params.lot;
  const recall = useResource(() => (lot ? get(`${lotPath(lot)}/recall`) : null), [lot]);
  const { data, error } = recall;
  useEffect(() => {
    // The name that "print to PDF" offers.
    if (data) pageName.value = `${t("recall.title")} ${lot}`;
    return () => (pageName.value = "Dure");
  }, [data]);
  const content = () => {
    if (!lot) return html`<${Choose} />`;
    if (data) return html`<${Paper} recall=${data} />`;
    if (error)
      return error.status === 404
        ? html`<${Empty} icon="search" title=${t("lots.unknown", { lot })} text=${t("lots.unknown_text")} />`
        : html`<${Problem} error=${error} retry=${recall.load} />`;
    return html`<div class="recall-paper"><${Skeleton} rows="12" height="40" /></div>`;
  };
  return html`<main class="recall">
    <header class="recall-bar">
      <${Button} kind="quiet" icon="back" href=${lot ? lotPage(lot) : "/lots"}>${lot ?? t("lots.title")}<//>
      <span class="grow"></span>
      <${LanguageSelect} />
      ${data && html`<${Hold} recall=${data} onDone=${recall.load} />`}
      <${Button} kind="primary" icon="print" disabled=${!data} data-testid="print" onClick=${() => print()}>
        ${t("action.print")}
      <//>
    </header>
    ${content()}
  </main>`;
}
