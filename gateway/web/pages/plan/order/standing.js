// How an open order stands against its due date: late, at risk, or in time.
const OVER = ["completed", "closed", "cancelled"];
const IN_TIME = { late: false, risk: false, by: 0 };

/**
 * {late, risk, by}: late when the date has passed, at risk when what is left should have been begun already, by
 * standard times and shop hours; `by` how much, in ms.
 */
export function standing(order, now = Date.now()) {
  if (OVER.includes(order.state)) return IN_TIME;
  const late = now - Date.parse(order.due_at);
  if (late > 0) return { late: true, risk: false, by: late };
  const behind = order.begin_by ? now - Date.parse(order.begin_by) : 0;
  return behind > 0 ? { late: false, risk: true, by: behind } : IN_TIME;
}
