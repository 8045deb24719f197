// What stands around an editor: news about the draft, the bar that saves, and the choice between two versions.
import { html, useState } from "/js/lib/html.js";
import { moment } from "/js/lib/format.js";
import { differences } from "/js/lib/fields.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";
import { Chip } from "/js/components/chip.js";
import { Notice, problemText } from "/js/components/feedback.js";
import { Dialog } from "/js/components/sheet.js";

/**
 * Above the fields: what was typed before, what somebody else did, what the server said. `own`: the start of the field
 * names that show their errors themselves.
 * @param {{ doc: Draft, own?: string[] }} props
 */
export function DocumentNews({ doc, own = [] }) {
  const { problem, waiting } = doc.save;
  const elsewhere =
    problem?.errors?.filter(
      (/** @type {FieldError} */ error) =>
        !own.some((name) => error.field === name || error.field.startsWith(`${name}.`)),
    ) ?? [];
  const messages = elsewhere.map((/** @type {FieldError} */ error) => error.message);
  return html`
    ${
      doc.draftedAt &&
      html`<div class="notice setup draft-news" role="status" data-testid="draft-news">
        <div class="grow">
          <p>${t("draft.kept", { at: moment(doc.draftedAt) })}</p>
          <small>${doc.isStale ? t("draft.kept_stale") : t("draft.kept_text")}</small>
        </div>
        <${Button} data-testid="draft-discard" onClick=${doc.discard}>${t("draft.discard")}<//>
        <${Button} kind="primary" data-testid="draft-keep" onClick=${doc.resume}>${t("draft.keep")}<//>
      </div>`
    }
    ${
      doc.isStale &&
      !doc.draftedAt &&
      html`<${Notice} tone="warn" title=${t("draft.stale")}>${t("draft.stale_text")}<//>`
    }
    ${
      waiting &&
      html`<${Notice} tone="warn" icon="wifi_off" data-testid="draft-waiting" title=${t("problem.no_answer")}>
        ${t("draft.waiting")}
      <//>`
    }
    ${
      problem &&
      problem.status !== 412 &&
      (elsewhere.length > 0 || !problem.errors?.length) &&
      html`<${Notice} tone="stop" title=${messages.join(" ") || problemText(problem)}>
        ${t("form.kept")}
      <//>`
    }
  `;
}

/**
 * At the foot of the page while something is not saved yet.
 * @param {{ doc: Draft, ready: boolean, children?: View }} props
 */
export function SaveBar({ doc, ready, children }) {
  if (!doc.isDirty && !doc.save.busy) return null;
  return html`<div class="save-bar" role="region" aria-label=${t("draft.unsaved")} data-testid="save-bar">
    <b class="grow">${t("draft.unsaved")}</b>
    ${children}
    <${Button} disabled=${doc.save.busy} data-testid="document-discard" onClick=${doc.discard}>${t("draft.undo")}<//>
    <${Button}
      kind="primary"
      icon="check"
      busy=${doc.save.busy}
      disabled=${!ready}
      data-testid="document-save"
      onClick=${() => doc.save.go()}
    >
      ${t("action.save")}
    <//>
  </div>`;
}

/**
 * Two versions of a document line by line: `before` and `after` are lists of {key, label, text}.
 * @param {{ before: Line[], after: Line[], from: View, to: View }} props
 */
export function Differences({ before, after, from, to }) {
  const pairs = differences(before, after);
  if (!pairs.length) return html`<p class="muted">${t("compare.same")}</p>`;
  return html`<table class="differences">
    <thead><tr><th>${t("compare.what")}</th><th>${from}</th><th>${to}</th></tr></thead>
    <tbody>
      ${pairs.map(
        (pair) =>
          html`<tr key=${pair.key}>
            <th scope="row">${pair.label}</th>
            <td class="before">${pair.before?.text ?? "–"}</td>
            <td class="after">${pair.after?.text ?? "–"}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/**
 * Which of two versions to begin with: what only one of them changed is that one's, what both changed is the person's
 * own.
 * @param {Difference} pair
 * @param {Line[]} base
 */
function likely(pair, base) {
  const before = base.find((line) => line.key === pair.key)?.text;
  if (before === pair.after?.text) return "theirs";
  return "mine";
}

/**
 * Somebody else saved first: line by line, mine or theirs. `split(form)` makes the lines, `join(lines, mine, theirs)` a
 * form of the chosen ones; a line that is missing on the chosen side is left out.
 * @param {{ doc: Draft, split: (form: any) => Line[], join: (lines: Line[], mine: any, theirs: any) => any }} props
 */
export function Conflict({ doc, split, join }) {
  const { base, mine, theirs } = /** @type {NonNullable<DraftState["conflict"]>} */ (doc.conflict);
  const own = split(mine);
  const others = split(theirs);
  const first = split(base);
  const pairs = differences(others, own);
  const [chosen, setChosen] = useState(() => Object.fromEntries(pairs.map((pair) => [pair.key, likely(pair, first)])));
  /** @param {Difference} pair */
  const bothChanged = (pair) =>
    [pair.before?.text, pair.after?.text].every((text) => text !== first.find((line) => line.key === pair.key)?.text);
  /** @param {string} which */
  const allOf = (which) => setChosen(Object.fromEntries(pairs.map((pair) => [pair.key, which])));
  const finish = () => {
    const keys = [...new Set([...others, ...own].map((line) => line.key))];
    /** @param {string} key */
    const line = (key) => (chosen[key] === "mine" ? own : others).find((one) => one.key === key);
    doc.settle(
      join(
        keys.map(line).filter((one) => one !== undefined),
        mine,
        theirs,
      ),
    );
  };
  /**
   * @param {Difference} pair
   * @param {string} which
   * @param {string} [text]
   */
  const option = (pair, which, text) =>
    html`<td>
      <label class="version ${chosen[pair.key] === which ? "chosen" : ""}">
        <input
          type="radio"
          name=${pair.key}
          checked=${chosen[pair.key] === which}
          data-testid="${which}-${pair.key}"
          onChange=${() => setChosen({ ...chosen, [pair.key]: which })}
        />
        <span>${text ?? t("compare.nothing")}</span>
      </label>
    </td>`;
  return html`<${Dialog}
    open
    onClose=${doc.later}
    class="dialog conflict"
    title=${t("conflict.title")}
    data-testid="conflict"
    actions=${html`
      <${Button} onClick=${() => allOf("theirs")}>${t("conflict.all_theirs")}<//>
      <${Button} onClick=${() => allOf("mine")}>${t("conflict.all_mine")}<//>
      <span class="grow"></span>
      <${Button} kind="primary" icon="check" data-testid="conflict-save" onClick=${finish}>${t("conflict.save")}<//>
    `}
  >
    <p class="muted">${t("conflict.text")}</p>
    <div class="conflict-lines">
      <table class="differences">
        <thead>
          <tr><th>${t("compare.what")}</th><th>${t("conflict.mine")}</th><th>${t("conflict.theirs")}</th></tr>
        </thead>
        <tbody>
          ${pairs.map(
            (pair) =>
              html`<tr key=${pair.key}>
                <th scope="row">
                  ${pair.label}
                  ${bothChanged(pair) && html`<${Chip} tone="warn">${t("conflict.both")}<//>`}
                </th>
                ${option(pair, "mine", pair.after?.text)}
                ${option(pair, "theirs", pair.before?.text)}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  <//>`;
}
