// The board's right column: orders that will be late, and what was scrapped.
import { html } from "/js/lib/html.js";
import { now } from "/js/lib/clock.js";
import { duration, number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { callDisplay } from "/js/lib/display.js";
import { standingText, standingWhy } from "/js/lib/standing.js";

const MOST_CALLS = 3;
const MOST_ORDERS = 5;
const MOST_DEFECTS = 6;

function Order({ order }) {
  return html`<li title=${standingWhy(order)} data-testid="risk-${order.number}">
    <b class="ellipsis">${order.number}</b>
    <span class="ellipsis grow">${local(order.item_name) || order.item}</span>
    <span class="nowrap ${order.standing === "late" ? "tone-stop" : "tone-warn"}">${standingText(order)}</span>
  </li>`;
}

/** Open calls stand above all else: first those to which nobody comes yet. */
export function Calls({ calls }) {
  if (!calls.length) return null;
  const rest = calls.length - MOST_CALLS;
  const isHeard = (call) => call.state === "acknowledged";
  const shown = [...calls].sort((a, b) => isHeard(a) - isHeard(b) || a.at.localeCompare(b.at)).slice(0, MOST_CALLS);
  return html`<section class="board-card board-calls ${calls.every(isHeard) ? "heard" : ""}" data-testid="board-calls">
    <h2>${t("andon.title")}</h2>
    <ul>
      ${shown.map(
        (call) => html`<li key=${call.id}>
          ${icon(callDisplay(call.kind).icon)}
          <span class="grow">
            <b class="ellipsis">${call.machine} · ${callDisplay(call.kind).label}</b>
            <small>
              ${t("board.call_since", { time: duration(Math.max(0, now.value - new Date(call.at))) })} · ${
                isHeard(call) ? t("andon.acknowledged") : t("andon.nobody_yet")
              }
            </small>
          </span>
        </li>`,
      )}
    </ul>
    ${rest > 0 && html`<p>${t("board.more", { n: rest })}</p>`}
  </section>`;
}

export function Risks({ orders }) {
  const rest = orders.length - MOST_ORDERS;
  return html`<section class="board-card">
    <h2>${t("board.risks")}${orders.length > 0 && html` <b>${orders.length}</b>`}</h2>
    ${
      orders.length
        ? html`<ul class="risks">
            ${orders.slice(0, MOST_ORDERS).map((order) => html`<${Order} key=${order.id} order=${order} />`)}
          </ul>`
        : html`<p class="board-none">${icon("check")}${t("board.no_risks")}</p>`
    }
    ${rest > 0 && html`<p class="muted">${t("board.more", { n: rest })}</p>`}
  </section>`;
}

export function Defects({ pareto }) {
  const items = pareto.items.filter((item) => Number(item.quantity) > 0).slice(0, MOST_DEFECTS);
  const most = Math.max(1, ...items.map((item) => Number(item.quantity)));
  return html`<section class="board-card grows">
    <h2>${t("board.defects")}</h2>
    ${
      items.length
        ? html`<ul class="defects">
            ${items.map(
              (item) => html`<li key=${item.key}>
                <span class="ellipsis">${local(item.name) || item.key}</span>
                <i style=${{ "--share": Number(item.quantity) / most }}></i>
                <span class="num">${number(item.quantity)}</span>
              </li>`,
            )}
          </ul>`
        : html`<p class="board-none">${icon("check")}${t("board.no_defects")}</p>`
    }
  </section>`;
}
