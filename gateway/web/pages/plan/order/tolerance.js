// How many good pieces more or fewer than ordered are taken: in percent, and what that is in pieces.
import { html, signal, useEffect } from "/js/lib/html.js";
import { get } from "/js/lib/api.js";
import { number } from "/js/lib/format.js";
import { t } from "/js/lib/i18n.js";
import { unitKey } from "/js/lib/units.js";
import { Notice } from "/js/components/feedback.js";

const shops = signal(null);

/**
 * What orders hold that say nothing of their own: {over_tolerance_pct, under_tolerance_pct, counted_units}; null until
 * it is known.
 */
export function useShopTolerances() {
  useEffect(() => {
    if (!shops.value)
      get("/orders/work-orders/tolerances").then(
        (answer) => (shops.value = answer),
        () => {},
      ); // without it only the percents are not told in pieces
  }, []);
  return shops.value;
}

const own = (value) => value !== null && value !== undefined && value !== "";
const percentOf = (order, shop, name) => (own(order[name]) ? order[name] : shop[name]);

/**
 * The good pieces that are taken of an order: {least, most, under, over}, the latter in percent; null until the shop's
 * tolerances are known.
 */
export function limitsOf(order, shop) {
  if (!shop) return null;
  const over = percentOf(order, shop, "over_tolerance_pct");
  const under = percentOf(order, shop, "under_tolerance_pct");
  const step = shop.counted_units.some((name) => unitKey(name) === unitKey(order.unit)) ? 1e6 : 1; // in millionths
  const millionths = (percent) => Math.round(Number(order.quantity) * 1e4 * (100 + percent));
  return {
    least: (Math.ceil(millionths(-under) / step) * step) / 1e6,
    most: (Math.floor(millionths(Number(over)) / step) * step) / 1e6,
    under,
    over,
  };
}

/**
 * In words when more good pieces were made than ordered, or fewer of an order that is `over`: within its tolerance or
 * beyond it. `made` {good, quantity} where that is not the order's own.
 */
export function Verdict({ order, made = order, over = ["completed", "closed"].includes(order.state) }) {
  const limits = limitsOf({ ...order, quantity: made.quantity }, useShopTolerances());
  const more = Number(made.good) - Number(made.quantity);
  if (!limits || more === 0 || (more < 0 && !over)) return null;
  const words = { n: number(Math.abs(more)), limit: number(more > 0 ? limits.most : limits.least), unit: order.unit };
  const isWithin = Number(made.good) <= limits.most && Number(made.good) >= limits.least;
  const display = isWithin ? { tone: "idle", icon: "check" } : { tone: "warn", icon: "warning" };
  const title = more > 0 ? t("tolerance.more", words) : t("tolerance.fewer", words);
  const text =
    more > 0
      ? isWithin
        ? t("tolerance.more_within", words)
        : t("tolerance.more_beyond", words)
      : isWithin
        ? t("tolerance.fewer_within", words)
        : t("tolerance.fewer_beyond", words);
  return html`<${Notice} ...${display} title=${title} data-testid="verdict" data-within=${isWithin}>${text}<//>`;
}
