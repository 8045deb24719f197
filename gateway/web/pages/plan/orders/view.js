// Which orders are shown, and in what order: filter, search, sort, and children below their parents. Nothing here asks
// the server.
import { standing } from "/pages/plan/order/standing.js";

const texts = new WeakMap();
const lines = new WeakMap();

/** What a search looks through. */
function textOf(order) {
  if (!texts.has(order)) {
    const words = [
      order.number,
      order.external_id,
      order.item,
      ...Object.values(order.item_name),
      order.customer,
      order.sales_order,
    ];
    texts.set(order, words.filter(Boolean).join("\n").toLowerCase());
  }
  return texts.get(order);
}

const fits = {
  open: () => true,
  unreleased: (order) => order.state === "draft" || order.state === "planned",
  released: (order) => order.state === "released",
  in_progress: (order) => order.state === "in_progress",
  on_hold: (order) => order.state === "on_hold",
  changes: (order) => order.changes_open > 0,
  late: (order) => standing(order)?.standing === "late",
  at_risk: (order) => standing(order)?.standing === "at_risk",
};
/** The filters that the book of open orders answers by itself. */
export const LOCAL = Object.keys(fits);

/**
 * The orders of a search, an item and a customer, whatever their state. What is made for an order that was found is
 * found with it.
 */
export function matching(orders, { q, item, customer }) {
  const terms = q.toLowerCase().split(/\s+/).filter(Boolean);
  if (!terms.length && !customer) return item ? orders.filter((order) => order.item === item) : orders;
  const byId = new Map(orders.map((order) => [order.id, order]));
  const answers = new Map();
  const found = (order) => {
    if (!answers.has(order.id)) {
      answers.set(order.id, false); // until it is known: a parent is never its own
      const parent = byId.get(order.parent_id);
      const itself = (!customer || order.customer === customer) && terms.every((term) => textOf(order).includes(term));
      answers.set(order.id, itself || Boolean(parent && found(parent)));
    }
    return answers.get(order.id);
  };
  return orders.filter((order) => (!item || order.item === item) && found(order));
}

export const filtered = (orders, filter) => orders.filter((order) => fits[filter](order));

/** How many orders each filter holds. */
export const countAll = (orders) => Object.fromEntries(LOCAL.map((name) => [name, filtered(orders, name).length]));

/** The values of a field with how many orders have each, most first: [{value, count, order}]. */
export function facet(orders, field) {
  const found = new Map();
  for (const order of orders) {
    const value = order[field];
    if (!value) continue;
    const one = found.get(value);
    if (one) one.count += 1;
    else found.set(value, { value, count: 1, order });
  }
  return [...found.values()].sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

const BY = {
  order: (order) => order.number,
  item: (order) => order.item,
  quantity: (order) => Number(order.quantity),
  due: (order) => order.due_at,
  good: (order) => Number(order.good),
  scrap: (order) => Number(order.scrap),
};

/** A copy in order: by due date unless a column is chosen; equals by due date, then number. */
export function sorted(orders, sort) {
  const by = BY[sort?.key] ?? BY.due;
  const turn = sort?.down ? -1 : 1;
  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  return [...orders].sort(
    (a, b) => compare(by(a), by(b)) * turn || compare(a.due_at, b.due_at) || compare(a.number, b.number),
  );
}

/** The same line for the same order at the same place, so that its row need not be drawn anew. */
function lineOf(order, level, children, folded) {
  const line = lines.get(order);
  if (line && line.level === level && line.children === children && line.folded === folded) return line;
  const fresh = { order, level, children, folded };
  lines.set(order, fresh);
  return fresh;
}

/**
 * Lines of a tree: children stand below their parent when both are shown; `folded` holds the ids whose children are not
 * drawn.
 */
export function asTree(orders, folded) {
  const below = new Map();
  const here = new Set(orders.map((order) => order.id));
  const roots = [];
  for (const order of orders) {
    if (order.parent_id && here.has(order.parent_id)) {
      if (!below.has(order.parent_id)) below.set(order.parent_id, []);
      below.get(order.parent_id).push(order);
    } else roots.push(order);
  }
  const out = [];
  const add = (order, level) => {
    const children = below.get(order.id) ?? [];
    const shut = children.length > 0 && folded.has(order.id);
    out.push(lineOf(order, level, children.length, shut));
    if (!shut) for (const child of children) add(child, level + 1);
  };
  for (const order of roots) add(order, 1);
  return out;
}
