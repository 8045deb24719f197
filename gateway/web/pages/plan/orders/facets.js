// Items and customers as pills: which, and how many orders each has.
import { html, useState } from "/js/lib/html.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { local, t } from "/js/lib/i18n.js";
import { Popover } from "/js/components/popover.js";

const MANY = 8;
const MOST = 200;

function Choices({ values, value, name, onPick }) {
  const [q, setQ] = useState("");
  const word = q.trim().toLowerCase();
  const shown = values
    .filter((one) => !word || `${one.value} ${name(one.order)}`.toLowerCase().includes(word))
    .slice(0, MOST);
  return html`
    ${
      values.length > MANY &&
      html`<input
        class="input"
        type="search"
        autofocus
        value=${q}
        placeholder=${t("orders.narrow")}
        aria-label=${t("orders.narrow")}
        onInput=${(event) => setQ(event.currentTarget.value)}
      />`
    }
    <ul>
      ${shown.map(
        (one) => html`<li key=${one.value}>
          <button type="button" aria-pressed=${one.value === value} onClick=${() => onPick(one.value)}>
            <span class="grow ellipsis"><b>${one.value}</b> <span class="muted">${name(one.order)}</span></span>
            <span class="count">${number(one.count)}</span>
          </button>
        </li>`,
      )}
      ${!shown.length && html`<li class="muted">${t("orders.none_found")}</li>`}
    </ul>
  `;
}

/** A pill that opens the values of a field; once one is chosen it shows it, and a touch on × takes it away. */
function Facet({ label, values, value, name = () => "", onChange, testid }) {
  if (value) {
    return html`<span class="pill chosen">
      <span class="muted">${label}</span>
      ${value}
      <button
        type="button"
        aria-label=${t("orders.take_away", { name: value })}
        data-testid="${testid}-clear"
        onClick=${() => onChange(null)}
      >
        ${icon("close")}
      </button>
    </span>`;
  }
  return html`<${Popover}
    class="pill"
    panel="facet"
    data-testid=${testid}
    button=${html`${label}<span class="count">${number(values.length)}</span>${icon("down")}`}
  >
    ${(close) =>
      html`<${Choices}
        values=${values}
        value=${value}
        name=${name}
        onPick=${(picked) => {
          close();
          onChange(picked);
        }}
      />`}
  <//>`;
}

export function Facets({ items, customers, item, customer, onChange }) {
  return html`<div class="facets">
    <${Facet}
      label=${t("field.item")}
      values=${items}
      value=${item}
      name=${(order) => local(order.item_name)}
      testid="facet-item"
      onChange=${(value) => onChange({ item: value })}
    />
    <${Facet}
      label=${t("field.customer")}
      values=${customers}
      value=${customer}
      testid="facet-customer"
      onChange=${(value) => onChange({ customer: value })}
    />
  </div>`;
}
