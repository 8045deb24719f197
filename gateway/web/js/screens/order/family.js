// The orders that an order is made for, and those that it needs: parent, children, parts of a split.
import { html } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { orderLook } from "/js/lib/states.js";
import { Card } from "/js/components/card.js";
import { StateChip } from "/js/components/chip.js";

const Relative = ({ relative, glyph, word, level = 0 }) => html`<li style=${{ "--level": level }}><a href="/orders/${encodeURIComponent(relative.number)}" title=${word}>${icon(glyph, { label: word })}
  <span class="grow"><b>${relative.number}</b><small>${relative.item}</small></span><${StateChip} look=${orderLook(relative.state)} /></a></li>`;

/** Drawn only when there is a relative. */
export function Family({ order }) {
  const others = useResource(async () => {
    const one = (id) => id && get(`/orders/work-orders/${id}`);
    const those = async (query) => (await get("/orders/work-orders", { ...query, limit: 200 })).items;
    const [parent, whole, parts] = await Promise.all([one(order.parent), one(order.split_from), those({ split_from: order.id })]);
    return { parent, whole, parts };
  }, [order.id, order.version]);
  const { parent, whole, parts = [] } = others.data ?? {};
  const { children } = order;
  if (!parent && !whole && !children.length && !parts.length) return null;
  return html`<${Card} title=${t("family.title")} class="family"><ul data-testid="family">
    ${whole && html`<${Relative} relative=${whole} glyph="split" word=${t("family.split_from")} />`}
    ${parent && html`<${Relative} relative=${parent} glyph="up" word=${t("family.parent")} />`}
    ${parts.map((part) => html`<${Relative} key=${part.id} relative=${part} glyph="split" word=${t("family.part")} />`)}
    ${children.map((child) => html`<${Relative} key=${child.id} relative=${child} glyph="tree" word=${t("family.child")} level=${parent ? 1 : 0} />`)}
  </ul><//>`;
}
