// What is different from the revision that the floor works by: pages side by side, words marked.
import { html } from "/js/lib/html.js";
import { diffPairs, diffWords } from "/js/lib/diff.js";
import { LANGUAGES, local, t } from "/js/lib/i18n.js";
import { Chip } from "/js/components/chip.js";
import { Media } from "/js/components/media.js";

const LOOK = { same: "idle", changed: "warn", gone: "stop", new: "run" };
const languagesOf = (...texts) => Object.keys(LANGUAGES).filter((code) => texts.some((text) => text?.[code]));
const equal = (a, b) =>
  a.media === b.media && languagesOf(a.text, b.text).every((code) => (a.text[code] || "") === (b.text[code] || ""));

function Words({ before, after, side }) {
  const hidden = side === "before" ? "new" : "gone";
  const parts = diffWords(before || "", after || "").filter((part) => part.kind !== hidden);
  return html`<p>
    ${parts.map((part) =>
      part.kind === "same"
        ? part.text
        : part.kind === "gone"
          ? html`<del>${part.text}</del>`
          : html`<ins>${part.text}</ins>`,
    )}
  </p>`;
}

function Side({ pair, side }) {
  const page = pair[side];
  const other = pair[side === "before" ? "after" : "before"];
  if (!page)
    return html`<div class="compare-side none">
      ${side === "before" ? t("instructions.not_yet") : t("instructions.no_longer")}
    </div>`;
  const languages = languagesOf(page.text, other?.text).filter(
    (code) => (page.text[code] || "") !== (other?.text[code] || ""),
  );
  return html`<div class="compare-side">
    ${
      page.media &&
      html`<div class="compare-media ${other && other.media !== page.media ? "changed" : ""}">
        <${Media} id=${page.media} small />
      </div>`
    }
    ${languages.map(
      (code) =>
        html`<div key=${code} lang=${code}>
          <small>${LANGUAGES[code]}</small>
          <${Words} before=${pair.before?.text[code]} after=${pair.after?.text[code]} side=${side} />
        </div>`,
    )}
  </div>`;
}

const What = ({ place, kind, word }) =>
  html`<span class="compare-what"><b>${place + 1}</b><${Chip} tone=${LOOK[kind]}>${word}<//></span>`;

function Row({ pair, place, word }) {
  const what = html`<${What} place=${place} kind=${pair.kind} word=${word} />`;
  if (pair.kind === "same")
    return html`<div class="compare-row same" data-kind="same">
      ${what}
      <p class="ellipsis">${local(pair.after.text)}</p>
    </div>`;
  return html`<div class="compare-row" data-kind=${pair.kind}>
    ${what}
    <${Side} pair=${pair} side="before" />
    <${Side} pair=${pair} side="after" />
  </div>`;
}

export function Compare({ before, after }) {
  const titles = languagesOf(before.title, after.title).filter((code) => before.title[code] !== after.title[code]);
  const pairs = diffPairs(before.pages, after.pages, equal);
  const words = {
    same: t("instructions.same"),
    changed: t("instructions.changed"),
    gone: t("instructions.gone"),
    new: t("instructions.added"),
  };
  return html`<div class="compare card">
    <div class="compare-row head">
      <span></span>
      <h2>${t("instructions.revision_n", { n: before.revision })} · ${t("instructions.in_force")}</h2>
      <h2>${t("instructions.revision_n", { n: after.revision })}</h2>
    </div>
    ${titles.map(
      (code) =>
        html`<div class="compare-row" key=${code}>
          <${Chip} tone="warn">${t("instructions.name")}<//>
          <div class="compare-side">
            <${Words} before=${before.title[code]} after=${after.title[code]} side="before" />
          </div>
          <div class="compare-side">
            <${Words} before=${before.title[code]} after=${after.title[code]} side="after" />
          </div>
        </div>`,
    )}
    ${pairs.map((pair, place) => html`<${Row} key=${place} pair=${pair} place=${place} word=${words[pair.kind]} />`)}
  </div>`;
}
