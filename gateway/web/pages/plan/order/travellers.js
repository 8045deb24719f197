/** The address of the print page for these orders. */
export const travellers = (orders) =>
  `/travellers?orders=${orders.map((order) => encodeURIComponent(order.number)).join(",")}`;
