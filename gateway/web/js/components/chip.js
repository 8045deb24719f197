import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";

/**
 * A small label. tone: run | setup | stop | warn | idle | brand.
 * @param {Attributes & { tone?: string, dot?: boolean, icon?: string }} props
 */
export function Chip({ tone = "idle", dot = false, icon: glyph, children, class: extra = "", ...rest }) {
  return html`<span class="chip ${tone} ${extra}" ...${rest}>
    ${dot && html`<i class="dot"></i>`}
    ${glyph && icon(glyph)}
    ${children}
  </span>`;
}

/**
 * A state as lib/display.js describes it: `<StateChip display=${orderDisplay(order.state)} note=${reason} />`.
 * @param {Attributes & { display: Display, note?: string | null }} props
 */
export function StateChip({ display, note, ...rest }) {
  return html`<${Chip}
    tone=${display.tone}
    dot=${display.dot || false}
    icon=${display.dot ? undefined : display.icon}
    ...${rest}
  >
    ${display.label}
    ${note ? ` · ${note}` : ""}
  <//>`;
}
