// localStorage that never throws: private windows and full disks must not stop the page.

/** The stored value of a key, or null. */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(`dure.${key}`));
  } catch {
    return null;
  }
}

/** Keeps a value for this browser; null forgets it. */
export function remember(key, value) {
  try {
    if (value === null || value === undefined) localStorage.removeItem(`dure.${key}`);
    else localStorage.setItem(`dure.${key}`, JSON.stringify(value));
  } catch {
    // The page works on without it; it only asks again next time.
  }
}
