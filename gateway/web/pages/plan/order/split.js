// An order becomes several: the first part keeps its number and all that was reported, and no piece is lost.
import { html, useState } from "/js/lib/html.js";
import { post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { quantityText, useDecimals } from "/js/lib/units.js";
import { Button } from "/js/components/button.js";
import { Field } from "/js/components/field.js";
import { FormNews } from "/js/components/form-news.js";
import { Sheet } from "/js/components/sheet.js";

const MOST = 50;
// Quantities have six decimals at most; sums of them are compared as whole millionths.
const millionths = (text) => Math.round(Number(text || 0) * 1e6);
const plain = (value) => String(value / 1e6);

/** What has been worked on at the operation that is furthest: it stays with the order. */
const begun = (order) =>
  Math.max(
    0,
    ...order.operations.map((operation) => Number(operation.good) + Number(operation.scrap) + Number(operation.rework)),
  );

/** The rest of `order` after all parts but the first, as the first part's quantity. */
const restOf = (order, parts) => millionths(order.quantity) - parts.reduce((sum, part) => sum + millionths(part), 0);

export function SplitSheet({ order, onClose, onDone }) {
  const [parts, setParts] = useState([""]);
  const decimals = useDecimals(order.unit);
  const [reason, setReason] = useState("");
  const first = restOf(order, parts);
  const done = begun(order);
  const ready = first > 0 && parts.every((part) => Number(part) > 0);
  const split = useAction(
    (key) =>
      post(
        `/orders/work-orders/${order.id}/split`,
        { quantities: [plain(first), ...parts], ...(reason.trim() ? { reason: reason.trim() } : {}) },
        { key },
      ),
    {
      done: ({ orders }) => onDone(t("order_done.split", { numbers: orders.map((one) => one.number).join(", ") })),
      failed: () => {},
    },
  );
  const set = (place) => (value) =>
    setParts((now) => now.map((part, at) => (at === place ? quantityText(value, decimals) : part)));
  const share = (value) => ({ width: `${Math.max(0, Math.min(100, (value / millionths(order.quantity)) * 100))}%` });
  const evenly = () => {
    const each = millionths(order.quantity) / (parts.length + 1);
    const step = each < 1e6 ? 10 ** (6 - decimals) : 1e6; // whole ones where there are enough
    setParts((now) => now.map(() => plain(Math.floor(each / step) * step)));
  };
  const submit = (event) => {
    event.preventDefault();
    if (ready) split.go();
  };
  return html`<${Sheet}
    open
    onClose=${onClose}
    from="side"
    title=${t("split.title", { number: order.number })}
    data-testid="split-sheet"
    footer=${html`
      <${Button} onClick=${onClose}>${t("action.cancel")}<//>
      <${Button}
        kind="primary"
        icon="split"
        busy=${split.busy}
        disabled=${!ready}
        data-testid="split-confirm"
        onClick=${submit}
      >
        ${t("split.confirm", { n: parts.length + 1 })}
      <//>
    `}
  >
    <form class="form" onSubmit=${submit}>
      <${FormNews} action=${split} fields=${[]} />
      <p class="muted">${t("split.text", { n: number(order.quantity), unit: order.unit })}</p>
      <div class="split-bar" aria-hidden="true">
        <i style=${share(first)}></i>
        ${parts.map((part, at) => html`<i key=${at} style=${share(millionths(part))}></i>`)}
      </div>
      <div class="split-part first ${first <= 0 ? "wrong" : ""}">
        <span class="grow">
          <b>${order.number}</b>
          <small>${t("split.stays")}${done > 0 ? ` · ${t("split.done", { n: number(done) })}` : ""}</small>
        </span>
        <strong data-testid="split-first">${number(plain(first))}</strong>
        <span>${order.unit}</span>
      </div>
      ${parts.map(
        (part, at) => html`<div class="split-part" key=${at}>
          <${Field}
            label=${t("split.part", { n: at + 2 })}
            inputmode=${decimals ? "decimal" : "numeric"}
            autocomplete="off"
            autofocus=${at === 0}
            value=${part}
            onInput=${set(at)}
            data-testid="split-part-${at + 2}"
          />
          ${
            parts.length > 1 &&
            html`<${Button}
              kind="quiet"
              icon="trash"
              aria-label=${t("split.take_away", { n: at + 2 })}
              onClick=${() => setParts((now) => now.filter((_, place) => place !== at))}
            />`
          }
        </div>`,
      )}
      <div class="row wrap">
        <${Button}
          size="small"
          icon="plus"
          disabled=${parts.length >= MOST - 1}
          onClick=${() => setParts((now) => [...now, ""])}
        >
          ${t("split.more")}
        <//>
        <${Button} size="small" onClick=${evenly}>${t("split.evenly")}<//>
      </div>
      ${first <= 0 && html`<p class="field"><span class="error">${t("split.too_much")}</span></p>`}
      <${Field} label=${t("change.reason_optional")} value=${reason} onInput=${setReason} maxlength="500" />
      <button type="submit" class="visually-hidden" tabindex="-1">${t("order_action.split")}</button>
    </form>
  <//>`;
}
