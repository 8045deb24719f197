// /labels/<id>: one label as it comes out of the printer. Its first print is on record when it was made; each further
// one has a reason.
import { html, useEffect, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { t } from "/js/lib/i18n.js";
import { pictureOf, readLabel } from "/js/lib/labels.js";
import { useResource } from "/js/lib/resource.js";
import { pageName } from "/js/lib/title.js";
import { Button } from "/js/components/button.js";
import { Problem, Skeleton } from "/js/components/feedback.js";
import { ReasonDialog } from "/js/components/reason-dialog.js";
import { toastProblem } from "/js/components/toast.js";

/** The paper is as large as the label: only a style sheet can say so, and only while this page is shown. */
function usePaper(label) {
  useEffect(() => {
    if (!label) return undefined;
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@page label { size: ${Number(label.width_mm)}mm ${Number(label.height_mm)}mm; margin: 0; }`);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    pageName.value = `${label.item} ${label.lot ?? ""}`.trim();
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
      pageName.value = "Dure";
    };
  }, [label?.id]);
}

export default function LabelPage({ params, query }) {
  const found = useResource(() => readLabel(params.id), [], { worded: true });
  const [first, setFirst] = useState(query.has("new"));
  const [asking, setAsking] = useState(false);
  const label = found.data;
  usePaper(label);
  const again = useAction(
    (key, reason) => post(`/production/labels/${params.id}/reprint`, { reason, on_page: true }, { key }),
    {
      done: () => {
        setAsking(false);
        print();
      },
      failed: toastProblem,
    },
  );
  const go = () => {
    if (!first) return setAsking(true);
    setFirst(false);
    return print();
  };
  const copies = Array.from({ length: label?.prints.at(-1)?.copies ?? 1 });
  return html`<main class="label-page">
    <header class="label-bar">
      <${Button} kind="quiet" icon="back" href="/labels">${t("label.all")}<//>
      <span class="grow"></span>
      <${Button} kind="primary" icon="print" size="tall" disabled=${!label} data-testid="print" onClick=${go}>
        ${first ? t("action.print") : t("label.reprint")}
      <//>
    </header>
    ${
      !label &&
      (found.error
        ? html`<${Problem} error=${found.error} retry=${found.load} />`
        : html`<${Skeleton} rows="1" height="240" />`)
    }
    ${
      label &&
      copies.map(
        (_, number) =>
          html`<img
            class="label-paper"
            key=${number}
            data-testid="label"
            alt=${`${label.item} ${label.name} ${label.lot ?? ""} ${label.quantity} ${label.unit}`}
            src=${pictureOf(label.svg)}
            style=${{ width: `${label.width_mm}mm` }}
          />`,
      )
    }
    <${ReasonDialog}
      open=${asking}
      onClose=${() => setAsking(false)}
      title=${t("label.reprint_why")}
      text=${t("label.reprint_text")}
      confirm=${t("label.reprint")}
      busy=${again.busy}
      onConfirm=${(reason) => again.go(reason)}
    />
  </main>`;
}
