import { html, useEffect, useId, useRef, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";

/**
 * A password: hidden, until somebody wants to see what they have typed.
 * @param {Attributes} props
 */
function Concealed(props) {
  const [shown, setShown] = useState(false);
  return html`<span class="concealed">
    <input ...${props} type=${shown ? "text" : "password"} />
    <button type="button" class="reveal" aria-pressed=${shown} onClick=${() => setShown(!shown)}>
      ${shown ? t("password.hide") : t("password.show")}
    </button>
  </span>`;
}

/**
 * A label over a control, a hint, and the error of this field. `options` [{value, label}] makes it a list; `rows` a
 * text area.
 * @param {FieldProps} props
 */
export function Field({ label, hint, error, value, onInput, options, rows, children, class: extra = "", ...rest }) {
  const id = useId();
  const props = {
    id,
    class: "input",
    "aria-invalid": Boolean(error),
    "aria-describedby": error || hint ? `${id}-note` : undefined,
    ...rest,
  };
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const change = (event) => onInput?.(event.currentTarget.value);
  let control = children;
  if (options) {
    control = html`<select ...${props} value=${value} onChange=${change}>
      ${options.map(
        (option) => html`<option value=${option.value} selected=${option.value === value}>${option.label}</option>`,
      )}
    </select>`;
  } else if (rows) {
    control = html`<textarea ...${props} rows=${rows} value=${value} onInput=${change}></textarea>`;
  } else if (rest.type === "password") {
    control = html`<${Concealed} ...${props} value=${value} onInput=${change} />`;
  } else if (!children) {
    control = html`<input ...${props} value=${value} onInput=${change} />`;
  }
  return html`<div class="field ${extra}">
    <label for=${id}>${label}</label>
    ${control}
    ${
      error
        ? html`<span class="error" id="${id}-note">${icon("warning")}${error}</span>`
        : hint && html`<span class="hint" id="${id}-note">${hint}</span>`
    }
  </div>`;
}

/**
 * The options of a list from {code: name}; a value that nobody knows any more stays among them.
 * @param {Record<string, string>} byCode
 * @param {string} [value]
 * @returns {Option[]}
 */
export function choices(byCode, value) {
  const known = Object.entries(byCode).map(([code, label]) => ({ value: code, label }));
  return !value || value in byCode ? known : [{ value, label: value }, ...known];
}

/**
 * The search field of an office page; "/" jumps into it, Esc empties it.
 * @param {{ value: string, onInput: (value: string) => void, placeholder: string }} props
 */
export function Search({ value, onInput, placeholder }) {
  const input = useRef(null);
  useEffect(() => {
    /** @param {KeyboardEvent} event */
    const jump = (event) => {
      if (
        event.key !== "/" ||
        (event.target instanceof Element && event.target.matches("input, textarea, select")) ||
        document.querySelector("dialog[open]")
      )
        return;
      event.preventDefault();
      input.current?.focus();
    };
    addEventListener("keydown", jump);
    return () => removeEventListener("keydown", jump);
  }, []);
  return html`<div class="search">
    ${icon("search")}
    <input
      ref=${input}
      class="input"
      type="search"
      value=${value}
      placeholder=${placeholder}
      aria-label=${placeholder}
      onInput=${(event) => onInput(event.currentTarget.value)}
      onKeyDown=${(event) => {
        if (event.key !== "Escape") return;
        onInput("");
        event.currentTarget.blur();
      }}
    />
  </div>`;
}

/**
 * Filters with counts: options [{value, label, count, tone?, title?}].
 * @param {{ options: Option[], value: string, onChange: (value: string) => void, label: string }} props
 */
export function Pills({ options, value, onChange, label }) {
  const row = useRef(null);
  // On a phone the row is longer than the screen: what is chosen is in sight.
  useEffect(() => {
    const pill = row.current?.querySelector('[aria-pressed="true"]');
    if (pill)
      row.current.scrollLeft =
        pill.offsetLeft - row.current.offsetLeft - (row.current.clientWidth - pill.offsetWidth) / 2;
  }, [value]);
  return html`<div class="pills" role="group" aria-label=${label} ref=${row}>
    ${options.map(
      (option) => html`<button
        type="button"
        class="pill ${option.tone ? `tone-${option.tone}` : ""}"
        key=${option.value}
        title=${option.title}
        data-testid="filter-${option.value}"
        aria-pressed=${option.value === value}
        onClick=${() => onChange(option.value)}
      >
        ${option.label}
        ${option.count !== undefined && html`<span class="count">${option.count}</span>`}
      </button>`,
    )}
  </div>`;
}

/**
 * One of many as a filter, "" for all of them: options [{value, label}].
 * @param {Attributes & { label: string, value: string, options: Option[], onChange: (value: string) => void }} props
 */
export function Choice({ label, value, options, onChange, ...rest }) {
  return html`<label class="choice">
    <span class="visually-hidden">${label}</span>
    <select class="input" value=${value} onChange=${(event) => onChange(event.currentTarget.value)} ...${rest}>
      <option value="" selected=${!value}>${label}: ${t("report.all")}</option>
      ${options.map(
        (option) =>
          html`<option key=${option.value} value=${option.value} selected=${option.value === value}>
            ${option.label}
          </option>`,
      )}
    </select>
  </label>`;
}
