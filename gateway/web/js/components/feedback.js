// Empty states, skeletons and notices: what a screen shows when it has no data to show.
import { html } from "/js/lib/html.js";
import { ApiProblem } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { Button } from "/js/components/button.js";

/**
 * Says what is missing and what to do next.
 * @param {{ icon?: string, title: View, text?: View, children?: View }} props
 */
export function Empty({ icon: glyph = "order", title, text, children }) {
  return html`<div class="empty">${icon(glyph)}<h2>${title}</h2>${text && html`<p>${text}</p>`}${children}</div>`;
}

/**
 * The layout's own shape while it loads: `<Skeleton height="63" rows="8" />`.
 * @param {{ rows?: number | string, height?: number | string, width?: string, gap?: number | string }} props
 */
export function Skeleton({ rows = 1, height = 16, width, gap = 12 }) {
  return html`<div class="stack" style=${{ gap: `${gap}px` }} aria-hidden="true">
    ${Array.from(
      { length: Number(rows) },
      () => html`<div class="skeleton" style=${{ height: `${height}px`, ...(width ? { width } : {}) }}></div>`,
    )}
  </div>`;
}

/**
 * A line of news on the page. tone: run | setup | stop | warn | idle.
 * @param {Attributes & { tone?: string, icon?: string, title?: View }} props
 */
export function Notice({
  tone = "idle",
  icon: glyph = tone === "stop" ? "warning" : "flag",
  title,
  children,
  ...rest
}) {
  return html`<div class="notice ${tone}" role=${tone === "stop" ? "alert" : "status"} ...${rest}>
    ${icon(glyph)}
    <div class="grow">${title && html`<p>${title}</p>`}${children && html`<small>${children}</small>`}</div>
  </div>`;
}

/**
 * A problem in the person's language: its own text, or that no answer came.
 * @param {unknown} error
 */
export const problemText = (error) => (error instanceof ApiProblem ? error.message : t("problem.no_answer"));

/**
 * What stands where a list is empty: that it is being read, that it could not be read, or that there is nothing.
 * @param {{ of: { data: unknown, error: unknown }, text: View }} props
 */
export function None({ of: { data, error }, text }) {
  if (!data && !error) return html`<${Skeleton} height="64" />`;
  return html`<p class="muted">${data ? text : problemText(error)}</p>`;
}

/**
 * A problem with a way on.
 * @param {{ error: unknown, retry?: () => void }} props
 */
export function Problem({ error, retry }) {
  return html`<div class="empty" role="alert">
    ${icon("warning")}
    <h2>${problemText(error)}</h2>
    ${retry && html`<${Button} icon="refresh" onClick=${retry}>${t("action.retry")}<//>`}
  </div>`;
}
