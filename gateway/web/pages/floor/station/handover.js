// What the shift before left for this one, and what this one leaves: ready phrases, so that a note needs no keyboard.
import { html, useState } from "/js/lib/html.js";
import { clock, day } from "/js/lib/format.js";
import { phrases, unreadOf, useReadNotes } from "/js/lib/handover.js";
import { local, t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { None } from "/js/components/feedback.js";
import { Sheet } from "/js/components/sheet.js";

/** `left` is what `useNotes` gives; `people` are those who wrote. */
export function HandoverSheet({ open, onClose, left, people, onRead, onWrite }) {
  const read = useReadNotes();
  const names = Object.fromEntries(people.map((one) => [one.code, local(one.name)]));
  const [text, setText] = useState("");
  const { notes } = left;
  const unread = unreadOf(notes);
  const add = (phrase) => setText((now) => (now ? `${now}\n${phrase}` : phrase));
  const write = () => {
    onWrite(text.trim());
    setText("");
  };
  return html`<${Sheet}
    open=${open}
    onClose=${onClose}
    title=${t("handover.title")}
    data-testid="handover-sheet"
    footer=${html`
      <div class="grow"></div>
      <${Button}
        kind="primary"
        size="tall"
        icon="check"
        disabled=${!text.trim()}
        data-testid="handover-send"
        onClick=${write}
      >
        ${t("handover.leave")}
      <//>
    `}
  >
    <div class="handover">
      <section class="handover-notes">
        ${notes.map(
          (note) => html`<article
            key=${note.id}
            class=${unread.includes(note) ? "new" : ""}
            data-testid="handover-note"
          >
            <p>${read(note.note)}</p>
            <small>${names[note.person] ?? note.person} · ${day(note.at)} ${clock(note.at)}</small>
            ${
              unread.includes(note) &&
              html`<${Button} size="tall" icon="check" data-testid="handover-read" onClick=${() => onRead(note)}>
                ${t("handover.read")}
              <//>`
            }
          </article>`,
        )}
        ${!notes.length && html`<${None} of=${left} text=${t("handover.none")} />`}
      </section>
      <section class="handover-write">
        <div class="tiles">
          ${phrases().map(
            (phrase) =>
              html`<button
                type="button"
                class="tile"
                key=${phrase}
                data-testid="handover-phrase"
                onClick=${() => add(phrase)}
              >
                ${phrase}
              </button>`,
          )}
        </div>
        <textarea
          rows="4"
          maxlength="2000"
          aria-label=${t("handover.note")}
          placeholder=${t("handover.note")}
          data-testid="handover-text"
          value=${text}
          onInput=${(event) => setText(event.currentTarget.value)}
        ></textarea>
      </section>
    </div>
  <//>`;
}
