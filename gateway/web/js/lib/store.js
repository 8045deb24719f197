// localStorage that never throws: private windows and full disks must not stop the page.

/**
 * The stored value of a key, or null.
 * @param {string} key
 */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(`dure.${key}`) ?? "null");
  } catch {
    return null;
  }
}

/**
 * Stores a value for this browser; null removes it.
 * @param {string} key
 * @param {any} value
 */
export function remember(key, value) {
  try {
    if (value === null || value === undefined) localStorage.removeItem(`dure.${key}`);
    else localStorage.setItem(`dure.${key}`, JSON.stringify(value));
  } catch {
    // The page works on without it; it only asks again next time.
  }
}
