// The orders that an order is made for, and those that it needs: parent, children, parts of a split; and what is too
// little for whom.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { orderDisplay } from "/js/lib/display.js";
import { Card } from "/js/components/card.js";
import { StateChip } from "/js/components/chip.js";
import { Notice } from "/js/components/feedback.js";

const Relative = ({ relative, glyph, word, level = 0, short = 0 }) => html`<li style=${{ "--level": level }}>
  <a href="/orders/${encodeURIComponent(relative.number)}" title=${word}>
    ${icon(glyph, { label: word })}
    <span class="grow">
      <b>${relative.number}</b>
      <small>${relative.item}</small>
      ${
        Number(short) > 0 &&
        html`<small class="short">${icon("warning")}${t("family.short_of", { n: number(short) })}</small>`
      }
    </span>
    <${StateChip} display=${orderDisplay(relative.state)} />
  </a>
</li>`;

/** Drawn only when there is a relative. */
export function Family({ order }) {
  const others = useResource(async () => {
    const one = (id) => id && get(`/orders/work-orders/${id}`);
    const those = async (query) => (await get("/orders/work-orders", { ...query, limit: 200 })).items;
    const [parent, whole, parts, pegs] = await Promise.all([
      one(order.parent),
      one(order.split_from),
      those({ split_from: order.id }),
      get(`/orders/demand/orders/${order.id}`),
    ]);
    return { parent, whole, parts, pegs };
  }, [order.id, order.version]);
  if (!others.data) return null;
  const { parent, whole, parts, pegs } = others.data;
  const supplies = new Map(pegs.supplies.map((supply) => [supply.id, supply]));
  const made = new Map([...order.children, ...pegs.supplies].map((supply) => [supply.id, supply]));
  const parents = new Map([...(parent ? [parent] : []), ...pegs.parents].map((one) => [one.id, one]));
  if (!whole && !parents.size && !made.size && !parts.length) return null;
  return html`<${Card} title=${t("family.title")} class="family">
    ${
      Number(pegs.short) > 0 &&
      html`<${Notice}
        tone="warn"
        icon="warning"
        title=${t("family.short_for", {
          n: number(pegs.short),
          orders: pegs.parents.map((one) => one.number).join(", "),
        })}
        data-testid="family-short"
      />`
    }
    <ul data-testid="family">
      ${whole && html`<${Relative} relative=${whole} glyph="split" word=${t("family.split_from")} />`}
      ${[...parents.values()].map(
        (one) => html`<${Relative} key=${one.id} relative=${one} glyph="up" word=${t("family.parent")} />`,
      )}
      ${parts.map(
        (part) => html`<${Relative} key=${part.id} relative=${part} glyph="split" word=${t("family.part")} />`,
      )}
      ${[...made.values()].map(
        (one) =>
          html`<${Relative}
            key=${one.id}
            relative=${one}
            glyph="tree"
            word=${t("family.child")}
            level=${parents.size ? 1 : 0}
            short=${supplies.get(one.id)?.short}
          />`,
      )}
    </ul>
  <//>`;
}
