import { html } from "/js/lib/html.js";

/**
 * A quiet surface, with a title and actions when given; `plain` leaves the padding to its children.
 * @param {Attributes & { title?: View, actions?: View, plain?: boolean }} props
 */
export function Card({ title, actions, plain = false, children, class: extra = "", ...rest }) {
  return html`<section class="card ${extra}" ...${rest}>
    ${(title || actions) && html`<header class="card-head"><h2 class="grow">${title}</h2>${actions}</header>`}
    ${plain ? children : html`<div class="card-body">${children}</div>`}
  </section>`;
}
