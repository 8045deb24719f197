import { html } from "/js/lib/html.js";

/**
 * Views of one page: options [{value, label, count}]; arrows move between them.
 * @param {{ options: Option[], value: string, onChange: (value: string) => void, label: string }} props
 */
export function Tabs({ options, value, onChange, label }) {
  /** @param {KeyboardEvent & { currentTarget: HTMLElement }} event */
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = options.findIndex((option) => option.value === value);
    const next = (at + step + options.length) % options.length;
    onChange(options[next].value);
    /** @type {HTMLElement} */ (event.currentTarget.children[next]).focus();
  };
  return html`<div class="tabs" role="tablist" aria-label=${label} onKeyDown=${move}>
    ${options.map(
      (option) => html`<button
        type="button"
        role="tab"
        key=${option.value}
        aria-selected=${option.value === value}
        tabindex=${option.value === value ? 0 : -1}
        data-testid="tab-${option.value}"
        onClick=${() => onChange(option.value)}
      >
        ${option.label}
        ${option.count > 0 && html`<span class="count">${option.count}</span>`}
      </button>`,
    )}
  </div>`;
}
