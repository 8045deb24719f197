// Writing: pages, their pictures and texts in each language, and beside them what an operator will see.
import { html, useState } from "/js/lib/html.js";
import { upload } from "/js/lib/api.js";
import { untilAnswered } from "/js/lib/action.js";
import { useFiles } from "/js/lib/files.js";
import { icon } from "/js/lib/icons.js";
import { LANGUAGES, language, t } from "/js/lib/i18n.js";
import { fit } from "/js/lib/picture.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { Field } from "/js/components/field.js";
import { InstructionPage } from "/js/components/instruction-page.js";
import { Media, cacheSent } from "/js/components/media.js";
import { toastProblem } from "/js/components/toast.js";
import { blankPage } from "/pages/setup/instruction/draft.js";
import { Thumbnails } from "/pages/setup/instruction/pages.js";

const ACCEPTED = "image/png,image/jpeg,image/webp,application/pdf";
const MOST = 30;
const TEXT = 600;

const put = (pages, place, change) => pages.map((page, at) => (at === place ? { ...page, ...change } : page));

/**
 * Sends files one after the other: `send(files, at)`; the first goes onto the page at `at` when that has none, the rest
 * become pages after it.
 */
function useSending(change, onPlaced) {
  const [state, setState] = useState({ left: 0, waiting: false });
  async function send(files, at) {
    setState({ left: files.length, waiting: false });
    let place = at;
    for (const [number, file] of files.entries()) {
      try {
        const fitting = await fit(file);
        const media = await untilAnswered(
          (key) => upload("/orders/media", { file: fitting }, { key }),
          (waiting) => setState((now) => ({ ...now, waiting })),
        );
        cacheSent(media.id, new Blob([fitting], { type: media.type }));
        change(({ pages }) => {
          if (pages[place] && !pages[place].media) return { pages: put(pages, place, { media: media.id }) };
          place = Math.min(place + 1, pages.length);
          return { pages: [...pages.slice(0, place), { ...blankPage(), media: media.id }, ...pages.slice(place)] };
        });
        onPlaced(place);
      } catch (problem) {
        toastProblem(problem);
      }
      setState({ left: files.length - number - 1, waiting: false });
    }
  }
  return { ...state, send };
}

function Picture({ page, sending, over, onFiles, onRemove }) {
  const pick = (event) => {
    const files = [...event.currentTarget.files];
    event.currentTarget.value = "";
    if (files.length) onFiles(files);
  };
  const input = html`<input
    type="file"
    accept=${ACCEPTED}
    multiple
    aria-label=${t("instructions.pick")}
    data-testid="page-file"
    onChange=${pick}
  />`;
  if (sending.left)
    return html`<div class="page-drop busy">
      ${icon(sending.waiting ? "wifi_off" : "refresh")}
      <b>${t("instructions.sending", { n: sending.left })}</b>
      ${sending.waiting && html`<span class="muted">${t("instructions.sending_waits")}</span>`}
    </div>`;
  if (page.media) {
    return html`<div class="page-media ${over ? "over" : ""}">
      <${Media} id=${page.media} key=${page.media} />
      <div class="page-media-tools">
        <label class="button small">${icon("plus")}${t("instructions.more_pictures")}${input}</label>
        <${Button}
          size="small"
          icon="trash"
          class="tone-stop"
          data-testid="page-media-remove"
          aria-label=${t("instructions.remove_picture")}
          onClick=${onRemove}
        />
      </div>
    </div>`;
  }
  return html`<label class="page-drop ${over ? "over" : ""}">
    ${input}
    ${icon("picture")}
    <b>${over ? t("imports.let_go") : t("instructions.drop_files")}</b>
    <span class="muted">${t("instructions.formats")}</span>
  </label>`;
}

/** The languages in which a text can stand; a dot on those in which it does. */
function LanguageTabs({ value, filled, onChange }) {
  return html`<div class="page-languages" role="group" aria-label=${t("instructions.text_language")}>
    ${Object.entries(LANGUAGES).map(
      ([code, name]) =>
        html`<button
          type="button"
          key=${code}
          lang=${code}
          aria-pressed=${code === value}
          data-testid="text-${code}"
          onClick=${() => onChange(code)}
        >
          ${name}
          ${filled.has(code) && html`<i aria-label=${t("instructions.has_text")}></i>`}
        </button>`,
    )}
  </div>`;
}

function Tools({ at, count, onMove, onRemove }) {
  return html`<div class="row page-tools">
    <h2 class="grow">${t("instructions.page_of", { n: at + 1, of: count })}</h2>
    <${Button}
      size="small"
      icon="up"
      disabled=${at === 0}
      aria-label=${t("instructions.move_up")}
      data-testid="page-up"
      onClick=${() => onMove(-1)}
    />
    <${Button}
      size="small"
      icon="down"
      disabled=${at === count - 1}
      aria-label=${t("instructions.move_down")}
      data-testid="page-down"
      onClick=${() => onMove(1)}
    />
    <${Button}
      size="small"
      icon="trash"
      class="tone-stop"
      aria-label=${t("instructions.remove_page")}
      data-testid="page-remove"
      onClick=${onRemove}
    />
  </div>`;
}

export function Editor({ draft, problem }) {
  const { content, change } = draft;
  const [chosen, setChosen] = useState(0);
  const [speaking, setSpeaking] = useState(language.value);
  const { pages } = content;
  const at = Math.max(0, Math.min(chosen, pages.length - 1));
  const page = pages[at];
  const sending = useSending(change, setChosen);
  const onFiles = (files) => sending.send(files, at);
  const over = useFiles(!sending.left, onFiles);
  const filled = new Set(Object.keys(page?.text || {}).filter((code) => page.text[code].trim()));
  const faults = new Set(
    (problem?.errors || [])
      .map((error) => /^pages\.(\d+)/.exec(error.field)?.[1])
      .filter(Boolean)
      .map(Number),
  );
  const write = (text) =>
    change(({ pages: now }) => ({ pages: put(now, at, { text: { ...now[at].text, [speaking]: text } }) }));
  const add = () => {
    change(({ pages: now }) => ({ pages: [...now.slice(0, at + 1), blankPage(), ...now.slice(at + 1)] }));
    setChosen(pages.length ? at + 1 : 0);
  };
  const move = (step) => {
    change(({ pages: now }) => {
      const moved = [...now];
      [moved[at], moved[at + step]] = [moved[at + step], moved[at]];
      return { pages: moved };
    });
    setChosen(at + step);
  };
  const remove = () => change(({ pages: now }) => ({ pages: now.filter((_, place) => place !== at) }));
  const text = page?.text[speaking] || "";
  return html`<div class="instruction-body editing">
    <${Thumbnails} pages=${pages} at=${at} language=${speaking} onPick=${setChosen} faults=${faults}>
      ${
        pages.length < MOST &&
        html`<button type="button" class="thumb add" data-testid="page-add" onClick=${add}>
          <span>${icon("plus")}${t("instructions.add_page")}</span>
        </button>`
      }
    <//>
    <div class="stack">
      <${Card} class="page-card">
        ${
          page
            ? html`
                <${Tools} at=${at} count=${pages.length} onMove=${move} onRemove=${remove} />
                <${Picture}
                  page=${page}
                  sending=${sending}
                  over=${over}
                  onFiles=${onFiles}
                  onRemove=${() => change(({ pages: now }) => ({ pages: put(now, at, { media: null }) }))}
                />
                <div class="page-words">
                  <${LanguageTabs} value=${speaking} filled=${filled} onChange=${setSpeaking} />
                  <${Field}
                    label=${t("instructions.text")}
                    rows="4"
                    lang=${speaking}
                    maxlength=${TEXT}
                    value=${text}
                    onInput=${write}
                    placeholder=${t("instructions.text_placeholder")}
                    error=${problem?.field?.(`pages.${at}`)}
                    hint=${t("instructions.letters", { n: text.length, of: TEXT })}
                    data-testid="page-text"
                  />
                </div>
              `
            : html`
                <${Picture} page=${{ media: null }} sending=${sending} over=${over} onFiles=${onFiles} />
                <p class="muted page-or">${t("instructions.or")}</p>
                <${Button} icon="plus" onClick=${add}>${t("instructions.first_page")}<//>
              `
        }
      <//>
      <${Card} title=${t("instructions.about")}>
        <div class="form">
          <${Field}
            label=${t("instructions.name")}
            lang=${speaking}
            value=${content.title[speaking] || ""}
            onInput=${(value) => change(({ title }) => ({ title: { ...title, [speaking]: value } }))}
            maxlength="200"
            error=${problem?.field?.("title")}
            data-testid="instruction-title"
          />
          <div class="form two">
            <${Field}
              label=${t("instructions.item")}
              value=${content.item || ""}
              onInput=${(item) => change({ item: item || null })}
              error=${problem?.field?.("item")}
              spellcheck="false"
            />
            <${Field}
              label=${t("instructions.op")}
              inputmode="numeric"
              value=${content.op ?? ""}
              onInput=${(op) => change({ op: Number(op.replace(/\D/g, "").slice(0, 4)) || null })}
              error=${problem?.field?.("op")}
            />
          </div>
        </div>
      <//>
    </div>
    <aside class="instruction-preview">
      <h2>${t("instructions.on_the_tablet")}</h2>
      ${page && html`<div class="tablet"><${InstructionPage} page=${page} language=${speaking} /></div>`}
    </aside>
  </div>`;
}
