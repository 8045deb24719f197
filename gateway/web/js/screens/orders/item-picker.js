// An item by code or name: type, choose with the arrows, Enter.
import { html, useEffect, useId, useState } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";

const MADE = ["semi", "finished"];

export function ItemPicker({ item, onPick, error }) {
  const id = useId();
  const [text, setText] = useState(item ? item.code : "");
  const [open, setOpen] = useState(false);
  const [found, setFound] = useState(null);
  const [active, setActive] = useState(0);
  useEffect(() => {
    if (!open) return undefined;
    let current = true;
    const timer = setTimeout(async () => {
      const page = await get("/orders/items", { q: text.trim(), limit: 50 }).catch(() => ({ items: [] }));
      if (!current) return;
      setFound(page.items.filter((one) => MADE.includes(one.kind) && one.active !== false));
      setActive(0);
    }, 120);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text, open]);
  const pick = (one) => {
    setText(one.code);
    setOpen(false);
    onPick(one);
  };
  const key = (event) => {
    if (event.key === "Escape" && open) {
      event.preventDefault();
      event.stopPropagation();
      setOpen(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setOpen(true);
      const last = (found?.length || 1) - 1;
      setActive((now) => Math.min(last, Math.max(0, now + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter" && open && found?.[active]) {
      event.preventDefault();
      pick(found[active]);
    }
  };
  const leave = () => {
    setOpen(false);
    const exact = found?.find((one) => one.code.toLowerCase() === text.trim().toLowerCase());
    if (exact) pick(exact);
  };
  return html`<div class="field picker">
    <label for=${id}>${t("field.item")}</label>
    <input id=${id} class="input" role="combobox" aria-expanded=${open} aria-controls="${id}-list" aria-autocomplete="list" aria-activedescendant=${open && found?.length ? `${id}-${active}` : undefined} aria-invalid=${Boolean(error)}
      autocomplete="off" spellcheck="false" autofocus placeholder=${t("orders.item_placeholder")} value=${text} data-testid="order-item"
      onFocus=${() => !item && setOpen(true)} onBlur=${leave} onKeyDown=${key}
      onInput=${(event) => {
        setText(event.currentTarget.value);
        setOpen(true);
        onPick(null);
      }} />
    ${open && found && html`<ul role="listbox" id="${id}-list">
      ${found.map((one, index) => html`<li role="option" id="${id}-${index}" key=${one.code} aria-selected=${index === active} onPointerDown=${(event) => (event.preventDefault(), pick(one))}><b>${one.code}</b><span class="ellipsis">${local(one.name)}</span></li>`)}
      ${!found.length && html`<li class="none">${t("orders.item_none")}</li>`}</ul>`}
    ${error ? html`<span class="error">${icon("warning")}${error}</span>` : item && html`<span class="hint">${local(item.name)}${item.box_quantity ? ` · ${t("orders.box", { n: Number(item.box_quantity) })}` : ""}</span>`}
  </div>`;
}
