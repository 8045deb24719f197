// The pages of an instruction: their thumbnails, and one of them large.
import { html, useState } from "/js/lib/html.js";
import { t } from "/js/lib/i18n.js";
import { Empty } from "/js/components/feedback.js";
import { InstructionPage } from "/js/components/instruction-page.js";

/** `faults` are the places of pages that something is wrong with; `children` stand after the last page. */
export function Thumbnails({ pages, at, language, onPick, faults = new Set(), children }) {
  const move = (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || !pages[at + step]) return;
    event.preventDefault();
    onPick(at + step);
    event.currentTarget.querySelectorAll("button.thumb")[at + step]?.focus();
  };
  return html`<nav class="thumbs" aria-label=${t("instructions.pages")} onKeyDown=${move}>
    ${pages.map(
      (page, place) => html`<button
        type="button"
        class="thumb ${faults.has(place) ? "fault" : ""}"
        key=${page.key ?? place}
        aria-current=${place === at ? "true" : undefined}
        tabindex=${place === at ? 0 : -1}
        data-testid="page-${place + 1}"
        onClick=${() => onPick(place)}
      >
        <span class="visually-hidden">${t("instructions.page_n", { n: place + 1 })}</span>
        <b aria-hidden="true">${place + 1}</b>
        <span aria-hidden="true"><${InstructionPage} page=${page} language=${language} small /></span>
      </button>`,
    )}
    ${children}
  </nav>`;
}

export function Pages({ pages }) {
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, pages.length - 1);
  if (!pages.length) return html`<div class="card"><${Empty} icon="book" title=${t("instructions.no_pages")} /></div>`;
  return html`<div class="instruction-body">
    <${Thumbnails} pages=${pages} at=${at} onPick=${setChosen} />
    <div class="instruction-large"><${InstructionPage} page=${pages[at]} /></div>
  </div>`;
}
