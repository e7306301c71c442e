/** Maximum pieces of one product in a cart, an order or a reservation. */
export const maxQuantity = 99

/** Maximum products in a cart, an order, a reservation or a batch. */
export const maxProducts = 100
