// The orders that an order is made for, and those that it needs: parent, children, parts of a split; and what is too
// little for whom.
import { html } from "/js/lib/html.js";
import { get, post } from "/js/lib/api.js";
import { useAction } from "/js/lib/action.js";
import { number } from "/js/lib/format.js";
import { icon } from "/js/lib/icons.js";
import { t } from "/js/lib/i18n.js";
import { useResource } from "/js/lib/resource.js";
import { may } from "/js/lib/session.js";
import { orderDisplay } from "/js/lib/display.js";
import { Button } from "/js/components/button.js";
import { Card } from "/js/components/card.js";
import { StateChip } from "/js/components/chip.js";
import { Notice } from "/js/components/feedback.js";
import { toast, toastProblem } from "/js/components/toast.js";

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

const OPEN = ["draft", "planned", "released", "in_progress", "on_hold"];

/** What an order lacks of its parts is planned anew: scrapped, closed short or cancelled. */
function Missing({ order, supplies, onDone }) {
  const cover = useAction((key) => post(`/orders/demand/orders/${order.id}/missing`, null, { key }), {
    done: ({ orders }) => {
      toast(t("family.covered", { numbers: orders.map((one) => one.number).join(", ") || "–" }));
      onDone();
    },
    failed: toastProblem,
  });
  const lacks = supplies.filter((supply) => Number(supply.short) > 0);
  if (!lacks.length || !OPEN.includes(order.state) || !may("planner") || !onDone) return null;
  return html`<${Button} icon="plus" busy=${cover.busy} data-testid="cover-missing" onClick=${() => cover.go()}>
    ${t("family.cover")}
  <//>`;
}

/** Drawn only when there is a relative. `onDone()` after orders were made for what is missing. */
export function Family({ order, pulse, onDone }) {
  const others = useResource(async () => {
    const one = (id) => id && get(`/orders/work-orders/${id}`);
    const those = async (query) => (await get("/orders/work-orders", { ...query, limit: 200 })).items;
    const [parent, whole, parts, pegs] = await Promise.all([
      one(order.parent_id),
      one(order.split_from_id),
      those({ split_from: order.id }),
      get(`/orders/demand/orders/${order.id}`),
    ]);
    return { parent, whole, parts, pegs };
  }, [order.id, order.version, pulse]);
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
    <${Missing} order=${order} supplies=${pegs.supplies} onDone=${onDone} />
  <//>`;
}
