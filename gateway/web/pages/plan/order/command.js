import { post } from "/js/lib/api.js";

/** Sends one command for an order: plan, release, hold, resume, cancel, close or reopen. */
export const command = (order, name, reason, key) =>
  post(`/orders/work-orders/${order.id}/${name}`, reason ? { reason } : {}, { key });
