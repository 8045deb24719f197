import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";

/** A small label. tone: run | setup | stop | warn | idle | brand. */
export function Chip({ tone = "idle", dot = false, icon: glyph, children, class: extra = "", ...rest }) {
  return html`<span class="chip ${tone} ${extra}" ...${rest}>
    ${dot && html`<i class="dot"></i>`}
    ${glyph && icon(glyph)}
    ${children}
  </span>`;
}

/** A state as lib/states.js describes it: `<StateChip look=${orderLook(order.state)} note=${reason} />`. */
export function StateChip({ look, note, ...rest }) {
  return html`<${Chip} tone=${look.tone} dot=${look.dot || false} icon=${look.dot ? undefined : look.icon} ...${rest}>
    ${look.word}
    ${note ? ` · ${note}` : ""}
  <//>`;
}
