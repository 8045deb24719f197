// Something chosen by typing a part of its code or name: the arrows move, Enter takes, Esc closes. A code that nobody
// knows yet may be typed in full.
import { html, useEffect, useId, useRef, useState } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";

const MOST = 50;

/**
 * `find(text)` answers (perhaps later) [{value, note}]; `onPick(value)` is called for every change, "" when it is
 * emptied.
 * When `among` is another one, it is looked for again. `label` null: the input stands alone, named by `name`.
 * @param {Attributes & PickerProps} props
 */
export function Picker({ label, name, value, onPick, find, among, note, error, disabled, placeholder, ...rest }) {
  const id = useId();
  const [text, setText] = useState(value);
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState(null);
  const [active, setActive] = useState(0);
  const typing = useRef(false);
  const newest = useRef(find);
  newest.current = find;
  useEffect(() => {
    if (!typing.current) setText(value);
  }, [value]);
  useEffect(() => {
    if (!open) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const list = await newest.current(typing.current ? text.trim() : "");
      if (!current) return;
      setFound(list.slice(0, MOST));
      setActive(0);
    }, 120);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, open, among]);
  /** @param {string} one */
  const pick = (one) => {
    typing.current = false;
    setText(one);
    setOpen(false);
    if (one !== value) onPick(one);
  };
  /** @param {Event & { currentTarget: HTMLInputElement }} event */
  const type = (event) => {
    typing.current = true;
    setText(event.currentTarget.value);
    setOpen(true);
  };
  const leave = () => {
    setOpen(false);
    if (!typing.current) return;
    const exact = found?.find((/** @type {Suggestion} */ one) => one.value.toLowerCase() === text.trim().toLowerCase());
    pick(exact?.value ?? text.trim());
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      typing.current = false;
      setText(value);
      setOpen(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const last = (found?.length || 1) - 1;
      setActive((now) => Math.min(last, Math.max(0, now + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter" && open && found?.[active]) {
      event.preventDefault();
      pick(found[active].value);
    }
  };
  /**
   * @param {Suggestion} one
   * @param {number} index
   */
  const option = (one, index) =>
    html`<li
      role="option"
      id="${id}-${index}"
      key=${one.value}
      aria-selected=${index === active}
      onPointerDown=${(event) => {
        event.preventDefault();
        pick(one.value);
      }}
    >
      <b>${one.value}</b>
      <span class="ellipsis">${one.note}</span>
    </li>`;
  return html`<div class="field picker">
    ${label && html`<label for=${id}>${label}</label>`}
    <input
      id=${id}
      class="input"
      role="combobox"
      aria-label=${label ? undefined : name}
      aria-expanded=${open}
      aria-controls="${id}-list"
      aria-autocomplete="list"
      aria-activedescendant=${open && found?.length ? `${id}-${active}` : undefined}
      aria-invalid=${Boolean(error)}
      autocomplete="off"
      spellcheck="false"
      placeholder=${placeholder}
      value=${text}
      disabled=${disabled}
      onClick=${() => setOpen(true)}
      onBlur=${leave}
      onKeyDown=${press}
      onInput=${type}
      ...${rest}
    />
    ${
      open &&
      found &&
      html`<ul role="listbox" id="${id}-list">
        ${found.map(option)}
        ${!found.length && html`<li class="none">${t("picker.none")}</li>`}
      </ul>`
    }
    ${
      error
        ? html`<span class="error">${icon("warning")}${error}</span>`
        : note && html`<span class="hint">${note}</span>`
    }
  </div>`;
}
