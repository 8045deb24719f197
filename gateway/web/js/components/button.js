import { html } from "/js/lib/html.js";
import { icon } from "/js/lib/icons.js";

/**
 * kind: "" | primary | quiet | danger | warn; size: "" | small | tall. With `href` it is a link that looks the same.
 * @param {ButtonProps} props
 */
export function Button({
  kind = "",
  size = "",
  icon: glyph,
  busy = false,
  href,
  children,
  class: extra = "",
  disabled,
  ...rest
}) {
  const className = `button ${kind} ${size} ${busy ? "busy" : ""} ${glyph && !children ? "icon-only" : ""} ${extra}`;
  const inside = html`${busy ? icon("refresh") : glyph && icon(glyph)}${children}`;
  if (href) return html`<a class=${className} href=${href} ...${rest}>${inside}</a>`;
  return html`<button type="button" class=${className} disabled=${disabled || busy} aria-busy=${busy} ...${rest}>
    ${inside}
  </button>`;
}
