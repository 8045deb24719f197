// A screen's own style sheet, fetched when the screen is first shown.
import { useLayoutEffect, useState } from "/js/lib/html.js";

const loaded = new Map();

function load(name) {
  if (!loaded.has(name)) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = `/css/${name}.css`;
    const ready = new Promise((done) => {
      link.onload = done;
      link.onerror = done;
    });
    document.head.append(link);
    loaded.set(name, { ready, done: false });
    ready.then(() => (loaded.get(name).done = true));
  }
  return loaded.get(name);
}

/** Loads /css/<name>.css; answers true once it is there, so that a screen never flashes unstyled. */
export function useStyle(name) {
  const sheet = load(name);
  const [there, setThere] = useState(sheet.done);
  useLayoutEffect(() => {
    if (!sheet.done) sheet.ready.then(() => setThere(true));
  }, [name]);
  return there;
}
