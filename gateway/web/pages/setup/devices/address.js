// Whom an address leads to.

/** True for an address that leads every device to itself. Pure. */
export const isOnlyHere = (url) => /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(url).hostname);
