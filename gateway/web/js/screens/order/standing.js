// How an open order stands against its due date: late, at risk, or in time.
const OVER = ["completed", "closed", "cancelled"];
const IN_TIME = { late: false, risk: false, by: 0 };

/** {late, risk, by}: late when the date has passed, at risk when the work that is left takes longer, by standard times, than there is time; `by` how much, in ms. */
export function standing(order, now = Date.now()) {
  if (OVER.includes(order.state)) return IN_TIME;
  const left = Date.parse(order.due_at) - now;
  if (left < 0) return { late: true, risk: false, by: -left };
  const short = Number(order.work_left_s ?? 0) * 1000 - left;
  return short > 0 ? { late: false, risk: true, by: short } : IN_TIME;
}
