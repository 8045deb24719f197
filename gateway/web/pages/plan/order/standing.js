// How an open order stands against its due date, as the server last said.
import { standings } from "/js/lib/standing.js";

const OVER = ["completed", "closed", "cancelled"];

/** The standing of an order that is late or will be; null in time, and when it is over. */
export function standing(order) {
  const found = OVER.includes(order.state) ? null : standings.value.get(order.id);
  return found && found.standing !== "in_time" ? found : null;
}
